/** What every search parameter type does: how values become index rows, and how a client's text becomes a match on them. https://hl7.org/fhir/R4/search.html#ptypes */
import type { SearchParameter } from '../fhir/search-parameter.ts';
import type { Hash } from '../ports.ts';
import type { CanonicalUnitOf } from './canonical-quantity.ts';
import type { Match } from './match.ts';

/** Where a value comes from. */
export interface IndexContext {
  readonly resourceType: string;
  /** Of the search parameter. */
  readonly code: string;
  /** Hash of `parameter|Type|code` as decimal string. */
  readonly key: string;
  readonly hash: Hash;
  /** FHIR type of the value. */
  readonly elementType: string;
  /** Of this server, without a slash at the end: references to it are local. */
  readonly baseUrl?: string;
  /** The system that R4 implies for a `code`. */
  readonly impliedSystem?: string;
  /** True where R4 compares tokens without case: see `isCaseless`. */
  readonly isCaseless?: boolean;
  /** True for a component of a composite, which has no modifiers and is not sorted by. */
  readonly isComponent?: boolean;
  readonly canonicalUnit: CanonicalUnitOf;
}

/** Collects index rows; see `IndexRows` in `ports.ts` for what they mean. */
export interface IndexSink {
  token(key: string): void;
  /** A token that the resource is also to be kept under together with others: see `companions.ts`. */
  code(token: string): void;
  reference(target: string, parameter: string): void;
  /** A reference within the resource: `id` is that of a contained resource, or empty for the resource around it. */
  fragment(id: string, parameter: string): void;
  date(parameter: string, low: string, high: string): void;
  number(parameter: string, low: number, high: number): void;
  string(parameter: string, value: string): void;
  uri(parameter: string, value: string): void;
}

/** The criterion that a text belongs to. */
export interface ParseContext {
  readonly parameter: SearchParameter;
  /** As the client wrote it, for error messages. */
  readonly name: string;
  /** True where R4 compares tokens without case. */
  readonly isCaseless?: boolean;
  /** Of this server, without a slash at the end. */
  readonly baseUrl?: string;
  readonly now: Date;
  readonly canonicalUnit: CanonicalUnitOf;
  /** Says something that the client should know of the answer. */
  warn(diagnostics: string): void;
}

/** What indexing needs. */
export interface SearchType {
  /** Gives the rows of one value to the sink. Never throws: a value of an unexpected shape gives no rows. */
  index(value: unknown, context: IndexContext, sink: IndexSink): void;
}

/** Reads alternatives, none empty, whose escapes still stand. Throws a FhirError 400 that names the parameter, never the value. */
export type ParseAlternatives = (alternatives: readonly string[], context: ParseContext) => Match;

/** What indexing and searching need. */
export interface QueriedSearchType extends SearchType {
  readonly parse: ParseAlternatives;
  /** How a modifier has the alternatives read; `:missing`, and what needs terminology, is the same for all types and not among them. */
  readonly modifiers?: Readonly<Record<string, ParseAlternatives>>;
  /** Comparisons that only `_filter` has. */
  readonly filterModifiers?: Readonly<Record<string, ParseAlternatives>>;
}
