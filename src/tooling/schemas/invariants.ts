/** The rules that R4 states in FHIRPath, as the schemas carry them. https://hl7.org/fhir/R4/conformance-rules.html#constraints */
import type { ElementDefinition } from 'fhir/r4.js';

/** One rule: the type of what it is about, and what it says to machines and to people. */
export interface Invariant {
  readonly key: string;
  readonly type: string;
  readonly severity: 'error' | 'warning';
  readonly human: string;
  readonly expression: string;
}

type Constraints = ElementDefinition['constraint'];

/** What every schema would repeat and the validator knows by itself: the rules of DomainResource, and of markup. */
const isKnown = ({ key, expression }: { key: string; expression?: string | undefined }): boolean =>
  /^dom-[2-6]$/.test(key) || expression === 'htmlChecks()';

/** The rules for values of `type`. A rule without an expression is only prose. */
export function invariantsOf(constraints: Constraints = [], type: string): readonly Invariant[] {
  return constraints.flatMap(({ key, severity, human, expression }) =>
    expression === undefined || isKnown({ key, expression }) ? [] : [{ key, type, severity, human, expression }],
  );
}

/** Every element has these from its type. */
const universal = new Set(['ele-1', 'ext-1']);

/** What the profile SimpleQuantity, the only one that R4 gives its own elements, says beyond Quantity. https://hl7.org/fhir/R4/datatypes.html#SimpleQuantity */
const simpleQuantity: Invariant = {
  key: 'sqty-1',
  type: 'Quantity',
  severity: 'error',
  human: 'The comparator is not used on a SimpleQuantity',
  expression: 'comparator.empty()',
};

const isSimple = (type: ElementDefinition['type'], on: string): boolean =>
  type?.some(({ code, profile = [] }) => code === on && profile.some((url) => url.endsWith('/SimpleQuantity'))) ===
  true;

/** The rules that an element adds to those of its type, such as org-2 for the address of an Organization. */
export function ownInvariants(
  { path, type = [], constraint = [] }: ElementDefinition,
  on: string,
): readonly Invariant[] {
  const isBackbone = type.some(({ code }) => code === 'BackboneElement' || code === 'Element');
  // What a backbone element must obey stands in its own schema.
  if (isBackbone && on === path) return [];
  const own = invariantsOf(
    constraint.filter(({ key }) => !universal.has(key)),
    on,
  );
  return isSimple(type, on) ? [...own, simpleQuantity] : own;
}
