/** Whether a value is the one that a profile fixes, or fits its pattern. https://hl7.org/fhir/R4/elementdefinition-definitions.html#ElementDefinition.fixed_x_ */
import type { ElementFacts } from '../snapshot/element-tree.ts';
import { isObject } from './cursor.ts';

/** Exactly the same, whatever the order of properties. */
export function isFixed(value: unknown, fixed: unknown): boolean {
  if (Array.isArray(fixed)) {
    return (
      Array.isArray(value) && value.length === fixed.length && fixed.every((item, index) => isFixed(value[index], item))
    );
  }
  if (!isObject(fixed)) return value === fixed;
  if (!isObject(value)) return false;
  const names = Object.keys(fixed);
  return names.length === Object.keys(value).length && names.every((name) => isFixed(value[name], fixed[name]));
}

/** At least what the pattern has; each item of a list in it fits some item of the value's list. */
export function fitsPattern(value: unknown, pattern: unknown): boolean {
  if (Array.isArray(pattern)) {
    return Array.isArray(value) && pattern.every((item) => value.some((one) => fitsPattern(one, item)));
  }
  if (!isObject(pattern)) return value === pattern;
  return isObject(value) && Object.keys(pattern).every((name) => fitsPattern(value[name], pattern[name]));
}

export type ValueTest = (value: unknown) => boolean;

/** The value of the member that begins so and goes on with the name of a type: `fixedUri` for `fixed`. */
export function memberOf(facts: ElementFacts, start: string): unknown {
  const name = Object.keys(facts).find((key) => key.startsWith(start) && /^[A-Z]/.test(key.slice(start.length)));
  return name === undefined ? undefined : (facts as Readonly<Record<string, unknown>>)[name];
}

/** What the element must equal or fit; undefined when the profile says neither. */
export function valueTest(
  facts: ElementFacts,
): { readonly test: ValueTest; readonly kind: 'fixed' | 'pattern' } | undefined {
  const fixed = memberOf(facts, 'fixed');
  if (fixed !== undefined) return { kind: 'fixed', test: (value) => isFixed(value, fixed) };
  const pattern = memberOf(facts, 'pattern');
  return pattern === undefined ? undefined : { kind: 'pattern', test: (value) => fitsPattern(value, pattern) };
}
