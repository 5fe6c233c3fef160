/** Which regular expressions take time linear in the text. They come from definitions, which clients may store. https://hl7.org/fhirpath/N1/#matchesregex--string--boolean */

const longestPattern = 1_000;

/** Something repeated that itself ends in something repeated, or in a choice: the shapes that can take exponential time. */
const nested = /\([^()]*[+*}]\)?[^()]*\)[+*{]|[+*}]\)[+*{]|\([^()]*\|[^()]*\)[+*{]/;

/** ElementDefinition.path of R4 (eld-19, eld-20): every repetition begins with a point that nothing before it can take. */
const known: ReadonlySet<string> = new Set([
  '[^\\s\\.,:;\\\'"\\/|?!@#$%&*()\\[\\]{}]{1,64}(\\.[^\\s\\.,:;\\\'"\\/|?!@#$%&*()\\[\\]{}]{1,64}(\\[x\\])?(\\:[^\\s\\.]+)?)*',
  '[A-Za-z][A-Za-z0-9]*(\\.[a-z][A-Za-z0-9]*(\\[x])?)*',
]);

/** False for what might run away, and for back references and look-arounds. */
export const isSafePattern = (source: string): boolean =>
  known.has(source) || (source.length <= longestPattern && !nested.test(source) && !/\\[1-9]|\(\?/.test(source));

/** The pattern, for the whole text or any part of it; undefined when it is not safe or no pattern. */
export function compileSafePattern(source: string, part: 'whole' | 'any'): RegExp | undefined {
  if (!isSafePattern(source)) return undefined;
  try {
    return part === 'whole' ? new RegExp(`^(?:${source})$`, 's') : new RegExp(source, 'sg');
  } catch {
    return undefined;
  }
}
