/** What a criterion asks for, as data: one kind per index table. Alternatives are ORed. https://hl7.org/fhir/R4/search.html#combining */

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
}

export interface NumberComparison extends Comparison<number> {
  readonly unit?: Unit;
}

export type Match =
  | { readonly kind: 'id'; readonly ids: readonly string[] }
  /** Instants in ISO 8601, on `Resource.meta.lastUpdated`. */
  | { readonly kind: 'lastUpdated'; readonly comparisons: readonly Comparison<string>[] }
  | { readonly kind: 'token'; readonly tokens: readonly Token[] }
  /** References as `targetKey` takes them. */
  | { readonly kind: 'reference'; readonly targets: readonly string[] }
  | { readonly kind: 'date'; readonly comparisons: readonly Comparison<string>[] }
  | { readonly kind: 'number'; readonly comparisons: readonly NumberComparison[] }
  /** Folded beginnings of values. */
  | { readonly kind: 'string'; readonly prefixes: readonly string[] }
  | { readonly kind: 'uri'; readonly values: readonly string[] };
