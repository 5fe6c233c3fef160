/** Code systems that are rules instead of lists. https://hl7.org/fhir/R4/terminologies-systems.html */

/** RFC 6838 §4.2: names of up to 127 characters; parameters may follow. And the short names that R4 uses in the same places. */
const mediaType =
  /^(?:xml|json|ttl|none)$|^[A-Za-z0-9][A-Za-z0-9!#$&^_.+-]{0,126}\/[A-Za-z0-9][A-Za-z0-9!#$&^_.+-]{0,126}(?:[ \t]*;.{0,1000})?$/;

/** RFC 5646 §2.1, without the grandfathered tags: language, script, region, variants, extensions, private use. */
const languageTag =
  /^(?:[A-Za-z]{2,3}(?:-[A-Za-z]{3}){0,3}|[A-Za-z]{4,8})(?:-[A-Za-z]{4})?(?:-(?:[A-Za-z]{2}|[0-9]{3}))?(?:-(?:[A-Za-z0-9]{5,8}|[0-9][A-Za-z0-9]{3})){0,10}(?:-[A-WY-Za-wy-z0-9](?:-[A-Za-z0-9]{2,8}){1,10}){0,10}(?:-[xX](?:-[A-Za-z0-9]{1,8}){1,10})?$|^[xX](?:-[A-Za-z0-9]{1,8}){1,10}$/;

const systems: ReadonlyMap<string, RegExp> = new Map([
  ['urn:ietf:bcp:13', mediaType],
  ['urn:ietf:bcp:47', languageTag],
]);

const longestCode = 2_000;

/** Whether the code is well-formed in a system of rules; undefined when the system is none of them. */
export function isAlgorithmicCode(system: string, code: string): boolean | undefined {
  const pattern = systems.get(system);
  return pattern && code.length <= longestCode && pattern.test(code);
}
