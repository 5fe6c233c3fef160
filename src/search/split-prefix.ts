/** `ge2020` is a prefix and a value. https://hl7.org/fhir/R4/search.html#prefix */
import type { Prefix } from './match.ts';

const prefixes: ReadonlySet<string> = new Set<Prefix>(['eq', 'ne', 'gt', 'lt', 'ge', 'le', 'sa', 'eb', 'ap']);

const isPrefix = (text: string): text is Prefix => prefixes.has(text);

/** Dates and numbers do not begin with letters, so what does has a prefix, known or not; without one it is `eq`. */
export function splitPrefix(text: string): readonly [prefix: Prefix, value: string] {
  const start = text.slice(0, 2);
  return isPrefix(start) ? [start, text.slice(2)] : ['eq', text];
}
