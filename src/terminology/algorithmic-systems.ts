/** Code systems that are rules instead of lists. https://hl7.org/fhir/R4/terminologies-systems.html */
import { remembering } from '../fhir/remembering.ts';
import { loadUcum, longestUcumCode, type Ucum, ucumSystem } from '../fhir/ucum.ts';

/** RFC 6838 §4.2: names of up to 127 characters; parameters may follow. And the short names that R4 uses in the same places. */
const mediaType =
  /^(?:xml|json|ttl|none)$|^[A-Za-z0-9][A-Za-z0-9!#$&^_.+-]{0,126}\/[A-Za-z0-9][A-Za-z0-9!#$&^_.+-]{0,126}(?:[ \t]*;.{0,1000})?$/;

/** RFC 5646 §2.1, without the grandfathered tags: language, script, region, variants, extensions, private use. */
const languageTag =
  /^(?:[A-Za-z]{2,3}(?:-[A-Za-z]{3}){0,3}|[A-Za-z]{4,8})(?:-[A-Za-z]{4})?(?:-(?:[A-Za-z]{2}|[0-9]{3}))?(?:-(?:[A-Za-z0-9]{5,8}|[0-9][A-Za-z0-9]{3})){0,10}(?:-[A-WY-Za-wy-z0-9](?:-[A-Za-z0-9]{2,8}){1,10}){0,10}(?:-[xX](?:-[A-Za-z0-9]{1,8}){1,10})?$|^[xX](?:-[A-Za-z0-9]{1,8}){1,10}$/;

/** What a rule says of a code that it makes. */
export interface AlgorithmicCode {
  /** What people call it; undefined where a code has no name but itself. */
  readonly display: string | undefined;
}

export interface AlgorithmicSystem {
  readonly name: string;
  /** Undefined for a code that is not well-formed. */
  find(code: string): AlgorithmicCode | undefined;
}

/** The system of this URL; undefined when it is none of rules. */
export type AlgorithmicSystems = (url: string) => AlgorithmicSystem | undefined;

const longestCode = 2_000;
/** Two generations of so many units are remembered. */
const generationSize = 2_000;

const byPattern = (name: string, pattern: RegExp): AlgorithmicSystem => ({
  name,
  find: (code) => (code.length <= longestCode && pattern.test(code) ? { display: undefined } : undefined),
});

/** Its tables are read when the first unit comes by. */
function unitsOfMeasure(): AlgorithmicSystem {
  let ucum: Ucum | undefined;
  const find = remembering((code): AlgorithmicCode | undefined => {
    const unit = (ucum ??= loadUcum()).unitOf(code);
    return unit && { display: unit.name_ ?? undefined };
  }, generationSize);
  return { name: 'UCUM', find: (code) => (code.length <= longestUcumCode ? find(code) : undefined) };
}

const [mediaTypes, languages] = ['urn:ietf:bcp:13', 'urn:ietf:bcp:47'] as const;

/** True for a code system that is a rule. */
export const isAlgorithmicSystem = (url: string): boolean => [mediaTypes, languages, ucumSystem].includes(url);

/** Those of media types, languages and units of measure. */
export function createAlgorithmicSystems(): AlgorithmicSystems {
  const systems: ReadonlyMap<string, AlgorithmicSystem> = new Map([
    [mediaTypes, byPattern('BCP 13', mediaType)],
    [languages, byPattern('BCP 47', languageTag)],
    [ucumSystem, unitsOfMeasure()],
  ]);
  return (url) => systems.get(url);
}
