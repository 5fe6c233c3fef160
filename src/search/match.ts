/** What a criterion asks for, as data: one kind for each way to look into an index table. Alternatives are ORed. https://hl7.org/fhir/R4/search.html#combining */

/** https://hl7.org/fhir/R4/search.html#prefix */
export type Prefix = 'eq' | 'ne' | 'gt' | 'lt' | 'ge' | 'le' | 'sa' | 'eb' | 'ap';

/** A prefix and the range of the value beside it, both ends included. `ap` has a range that is already widened. */
export interface Comparison<Bound> {
  readonly prefix: Prefix;
  readonly low: Bound;
  readonly high: Bound;
}

/** A token as it was asked for. An absent part may be anything; the system `''` means that there must be none. */
export interface Token {
  readonly system?: string;
  readonly code?: string;
}

/** The unit of a quantity; without a system the code may be that of the unit or its name. */
export interface Unit {
  readonly system?: string;
  readonly code: string;
  /** Names what all units that can be converted into each other share; the comparison is in that measure then. */
  readonly canonical?: string;
}

export interface NumberComparison extends Comparison<number> {
  readonly unit?: Unit;
}

/** `type|code|value` of `:of-type`. */
export type TypedIdentifier = readonly [system: string, code: string, value: string];

/** Degrees, and kilometres. */
export interface Near {
  readonly latitude: number;
  readonly longitude: number;
  readonly kilometres: number;
}

/** Beginnings of folded strings, or texts within them. With `text` those that are written beside codes. */
interface StringMatch {
  readonly texts: readonly string[];
  readonly aspect?: 'text';
}

/** One alternative of a composite: the components but the last as they are indexed, and what is asked of the last. */
export interface CompositeAlternative {
  readonly form: string;
  readonly last: Match;
}

export type Direction = 'above' | 'below';

/** Resources in a hierarchy, as `targetKey` takes them, and the reference parameter that leads up in it. */
export interface HierarchyBranch {
  readonly type: string;
  readonly code: string;
  readonly targets: readonly string[];
}

export type Match =
  | { readonly kind: 'id'; readonly ids: readonly string[] }
  /** Instants in ISO 8601, on `Resource.meta.lastUpdated`. */
  | { readonly kind: 'lastUpdated'; readonly comparisons: readonly Comparison<string>[] }
  | { readonly kind: 'token'; readonly tokens: readonly Token[]; readonly aspect?: 'identifier' }
  | { readonly kind: 'ofType'; readonly identifiers: readonly TypedIdentifier[] }
  /** References as `targetKey` takes them. */
  | { readonly kind: 'reference'; readonly targets: readonly string[] }
  /** Canonicals: each with the versions that continue it after a full stop. */
  | { readonly kind: 'versionsBelow'; readonly canonicals: readonly string[] }
  /** To one of these resources, or to what is above or below it. */
  | { readonly kind: 'hierarchy'; readonly direction: Direction; readonly branches: readonly HierarchyBranch[] }
  | { readonly kind: 'date'; readonly comparisons: readonly Comparison<string>[] }
  | { readonly kind: 'number'; readonly comparisons: readonly NumberComparison[] }
  /** Two numbers of one element, such as the start and the end of a window. */
  | { readonly kind: 'numberPair'; readonly first: Comparison<number>; readonly second: Comparison<number> }
  | ({ readonly kind: 'startsWith' } & StringMatch)
  | ({ readonly kind: 'contains' } & StringMatch)
  | ({ readonly kind: 'equals' } & StringMatch)
  | ({ readonly kind: 'endsWith' } & StringMatch)
  | { readonly kind: 'exact'; readonly values: readonly string[] }
  | { readonly kind: 'uri'; readonly values: readonly string[] }
  /** The URI, and all that continue it after a slash. */
  | { readonly kind: 'uriBelow'; readonly values: readonly string[] }
  | { readonly kind: 'composite'; readonly alternatives: readonly CompositeAlternative[] }
  | { readonly kind: 'near'; readonly places: readonly Near[] }
  /** Each alternative is words that must all be there. */
  | { readonly kind: 'words'; readonly alternatives: readonly (readonly string[])[] }
  /** Any value. */
  | { readonly kind: 'present' };
