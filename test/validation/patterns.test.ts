/** No regular expression of these rooms runs away on a megabyte of anything. What takes longer than linear would take minutes at least, so that the limit of ten seconds tells them apart on any machine. https://hl7.org/fhir/R4/security.html */
import vm from 'node:vm';
import { describe, expect, test } from '@jest/globals';
import { pumpedTexts } from './pumped-texts.ts';
import { type Found, literalsIn, schemaPatterns } from './regular-expressions.ts';

const context = vm.createContext({});

/** As it is used: once, for every match, or from match to match. */
const run = new vm.Script(`{
  pattern.lastIndex = 0;
  if (pattern.sticky) while (pattern.test(text) && pattern.lastIndex > 0);
  else if (pattern.global) text.replaceAll(pattern, '');
  else pattern.test(text);
}`);

/** False when it was stopped before it came to an end. */
function ends(pattern: RegExp, text: string, milliseconds: number): boolean {
  Object.assign(context, { pattern, text });
  try {
    run.runInContext(context, { timeout: milliseconds });
    return true;
  } catch (cause) {
    if ((cause as { code?: unknown }).code === 'ERR_SCRIPT_EXECUTION_TIMEOUT') return false;
    throw cause;
  }
}

const megabyte = 1_000_000;

/** How a text of this many characters that was too much begins and ends. */
function firstTooMuch(pattern: RegExp, size: number, milliseconds: number): string | undefined {
  for (const text of pumpedTexts(pattern, size)) {
    if (!ends(pattern, text, milliseconds)) return JSON.stringify(`${text.slice(0, 40)}…${text.slice(-20)}`);
  }
  return undefined;
}

const keyOf = ({ at, pattern }: Found): string => `${at} ${pattern}`;

/** Those that never see more than so many characters. */
const bounded: Readonly<Record<string, number>> = {
  // a number of more digits is refused when the text is scanned
  'src/json/compare-lossless.ts /0+$/': 300,
  // a longer pattern is refused before
  [String.raw`src/fhir/safe-pattern.ts /\([^()]*[+*}]\)?[^()]*\)[+*{]|[+*}]\)[+*{]|\([^()]*\|[^()]*\)[+*{]/`]: 1_000,
};

describe('regular expressions', () => {
  const inSchemas = new Map(schemaPatterns().map((found) => [String(found.pattern), found]));
  const inSources = literalsIn(['src/validation', 'src/json', 'src/fhir', 'src/profiles', 'src/terminology']);
  const few = inSources.filter((found) => keyOf(found) in bounded);
  const many = inSources.filter((found) => !(keyOf(found) in bounded));
  const unbounded = new Map([...inSchemas, ...many.map((found) => [String(found.pattern), found] as const)]);

  test('are found', () => {
    expect(inSchemas.size).toBe(12);
    expect(unbounded.size).toBeGreaterThan(50);
    expect(few.map(keyOf).toSorted()).toEqual(Object.keys(bounded).toSorted());
  });

  test.each([...unbounded])('%s ends', (_text, { pattern }) => {
    expect(firstTooMuch(pattern, megabyte, 10_000)).toBeUndefined();
  });

  test.each(few)('$pattern of $at ends, for the texts that it sees', (found) => {
    expect(firstTooMuch(found.pattern, bounded[keyOf(found)] ?? megabyte, 1_000)).toBeUndefined();
  });

  // what this test is for: without these it might look at nothing
  test.each([/^(a+)+$/, /(?:a|aa)+$/, /0+$/, /^(.*)x(.*)y(.*)$/, /"\s*\s*:/])('%s would not', (pattern) => {
    expect(firstTooMuch(pattern, megabyte, 100)).toBeDefined();
  });
});
