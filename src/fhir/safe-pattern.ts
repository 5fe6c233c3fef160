/** Which regular expressions take time linear in the text. They come from definitions, which clients may store. https://hl7.org/fhirpath/N1/#matchesregex--string--boolean */

const longestPattern = 1_000;

/** Something repeated that itself ends in something repeated, or in a choice: the shapes that can take exponential time. */
const nested = /\([^()]*[+*}]\)?[^()]*\)[+*{]|[+*}]\)[+*{]|\([^()]*\|[^()]*\)[+*{]/;

/** ElementDefinition.path of R4 (eld-19, eld-20): every repetition begins with a point that nothing before it can take. */
const known: ReadonlySet<string> = new Set([
  '[^\\s\\.,:;\\\'"\\/|?!@#$%&*()\\[\\]{}]{1,64}(\\.[^\\s\\.,:;\\\'"\\/|?!@#$%&*()\\[\\]{}]{1,64}(\\[x\\])?(\\:[^\\s\\.]+)?)*',
  '[A-Za-z][A-Za-z0-9]*(\\.[a-z][A-Za-z0-9]*(\\[x])?)*',
]);

/** Repetitions without an end; each one more makes the worst case longer by a factor of the text's length. */
const endless = /[*+]|\{\d+,\}/g;
const manyEndless = 2;

/** False for what might run away, and for back references and look-arounds. */
export function isSafePattern(source: string): boolean {
  if (known.has(source)) return true;
  if (source.length > longestPattern || nested.test(source) || /\\[1-9]|\(\?/.test(source)) return false;
  return (source.match(endless)?.length ?? 0) <= manyEndless;
}

/** What is matched is a name, a code, a URL: longer texts are not looked at. */
export const longestMatchedText = 2_000;

/** The pattern, for the whole text or any part of it; undefined when it is not safe or no pattern. */
export function compileSafePattern(source: string, part: 'whole' | 'any'): RegExp | undefined {
  if (!isSafePattern(source)) return undefined;
  try {
    return part === 'whole' ? new RegExp(`^(?:${source})$`, 's') : new RegExp(source, 'sg');
  } catch {
    return undefined;
  }
}
