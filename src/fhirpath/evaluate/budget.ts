/** How much work the rules of one check may be: clients store profiles, and a short expression can ask for any amount of it. https://hl7.org/fhirpath/N1/#filtering-and-projection */
import type { InvariantContext, Scope } from './invocation.ts';
import { Unevaluable } from './node.ts';

/** Items that iterations and lists look at; the largest Bundles and the rules of R4 take a hundredth. */
const maximumItems = 4_000_000;
/** UTF-16 units of a text that an expression makes. */
const longestText = 1_000_000;

const spent = new WeakMap<InvariantContext, { items: number }>();

/** Takes the items of an iteration off what the check may still look at. Throws Unevaluable when that was too many: the rule then has no answer. */
export function spend({ context }: Scope, items: number): void {
  const sum = spent.get(context) ?? { items: 0 };
  if (sum.items === 0) spent.set(context, sum);
  sum.items += items;
  if (sum.items > maximumItems) throw new Unevaluable();
}

/** The text, unless it is longer than any that a rule needs. */
export function bounded(text: string): string {
  if (text.length > longestText) throw new Unevaluable();
  return text;
}
