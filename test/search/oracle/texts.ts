/** Strings as R4 has them compared: by their beginning, by a part, or exactly. https://hl7.org/fhir/R4/search.html#string */
import type { Choices } from './choices.ts';
import { type Asked, escaped } from './asked.ts';
import { isJson, isText, listOf, type Value } from './values.ts';

const parts = [
  'text',
  'family',
  'given',
  'prefix',
  'suffix',
  'line',
  'city',
  'district',
  'state',
  'postalCode',
  'country',
];

/** As they are written: a value, or the parts of a name or address. */
export function textsOf([value]: Value): readonly string[] {
  if (isText(value)) return [value];
  return isJson(value) ? parts.flatMap((part) => listOf(value[part]).filter(isText)) : [];
}

/** Without regard to case, accents and white space; the first 400 characters count. */
export function folded(text: string): string {
  const plain = text
    .normalize('NFKD')
    .replaceAll(/[\u0300-\u036f]/g, '')
    .toLowerCase()
    .replaceAll('ß', 'ss')
    .replaceAll('ø', 'o')
    .replaceAll('æ', 'ae');
  return plain.replaceAll(/\s+/g, ' ').trim().slice(0, 400).trimEnd();
}

/** Cut within a character. */
export const isBroken = (text: string): boolean => /\p{Surrogate}/u.test(text);

/** A piece of a text of some value: its beginning, what is within, or all of it. */
export function askString(pool: readonly Value[], choices: Choices): Asked | undefined {
  const text = choices.of(textsOf(choices.of(pool) ?? [undefined, '']));
  if (text === undefined || text.length > 100) return undefined;
  const from = choices.below(Math.max(1, text.length - 2));
  const length = 1 + choices.below(8);
  const [beginning, within] = [text.slice(0, length), text.slice(from, from + length)].map((one) =>
    choices.below(2) ? one.toUpperCase() : one,
  );
  const asks = (modifier: string | undefined, piece: string, holds: (own: string) => boolean): Asked | undefined =>
    folded(piece) === '' || isBroken(piece)
      ? undefined
      : { text: escaped(piece), ...(modifier && { modifier }), holds: (values) => values.flatMap(textsOf).some(holds) };
  switch (choices.below(4)) {
    case 0:
    case 1:
      return asks(undefined, beginning ?? '', (own) => folded(own).startsWith(folded(beginning ?? '')));
    case 2:
      return asks('contains', within ?? '', (own) => folded(own).includes(folded(within ?? '')));
    default:
      return asks('exact', text, (own) => own === text);
  }
}
