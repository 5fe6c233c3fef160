/** A JSON text and what one pass over it found: the vocabulary of this room. Offsets count UTF-16 units of `text`. https://hl7.org/fhir/R4/json.html */
import type { Resource } from '../fhir/resource.ts';

/** `[start, end)` in the text. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

/** Where the identity of a resource stands in its text. Spans of members are those of their values; `object` includes the braces. */
export interface ResourceOutline {
  readonly object: Span;
  readonly resourceType?: Span;
  readonly id?: Span;
  readonly meta?: MetaOutline;
}

export interface MetaOutline {
  readonly value: Span;
  /** True when `meta` has no member at all. */
  readonly empty: boolean;
  readonly versionId?: Span;
  readonly lastUpdated?: Span;
}

/** A resource as it was received: its exact text, the same parsed, and its outline. For a Bundle, `entries[i]` outlines `entry[i].resource` (undefined where there is none), in offsets of the same text. */
export interface ResourceDocument {
  readonly text: string;
  readonly resource: Resource;
  readonly outline: ResourceOutline;
  readonly entries?: readonly (ResourceOutline | undefined)[];
}

/** What the server sets in every stored version. `lastUpdated` is an instant with milliseconds in UTC. */
export interface VersionIdentity {
  readonly id: string;
  readonly versionId: string;
  readonly lastUpdated: string;
}
