/** One element definition constrained by another. https://hl7.org/fhir/R4/elementdefinition.html#interpretation */
import type { ElementDefinitionConstraint } from 'fhir/r4.js';
import type { ElementFacts } from './element-tree.ts';

/** Rules add up; one with the key of another takes its place. */
function constraints(
  base: readonly ElementDefinitionConstraint[] = [],
  own: readonly ElementDefinitionConstraint[] = [],
): ElementDefinitionConstraint[] {
  const byKey = new Map([...base, ...own].map((constraint) => [constraint.key, constraint]));
  return [...byKey.values()];
}

/** A binding keeps the maximum value set of its base, which no profile can lift. */
function binding({ binding: base }: ElementFacts, { binding: own }: ElementFacts): ElementFacts['binding'] {
  const extension = own?.extension ?? base?.extension;
  return own && extension ? { ...own, extension } : (own ?? base);
}

/** The facts of `base` as `own` constrains them: what it states replaces, constraints add up, `base` and `contentReference` stay. */
export function mergeFacts(base: ElementFacts, own: ElementFacts): ElementFacts {
  const merged = { ...base, ...own };
  const bound = binding(base, own);
  const all = constraints(base.constraint, own.constraint);
  return {
    ...merged,
    ...(base.base ? { base: base.base } : {}),
    ...(base.mustSupport ? { mustSupport: true } : {}),
    ...(bound ? { binding: bound } : {}),
    ...(all.length > 0 ? { constraint: all } : {}),
  };
}

/** Facts as an heir sees them: each rule names where it comes from. */
export function inheritedFacts(facts: ElementFacts, source: string): ElementFacts {
  if (!facts.constraint?.some((constraint) => constraint.source === undefined)) return facts;
  return { ...facts, constraint: facts.constraint.map((constraint) => ({ source, ...constraint })) };
}
