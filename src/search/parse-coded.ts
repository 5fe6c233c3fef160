/** Modifiers that need to know codes: `:in`, `:not-in`, `:above` and `:below`. https://hl7.org/fhir/R4/search.html#token */
import { notSupported } from '../fhir/fhir-error.ts';
import { malformed, placeOf } from './malformed.ts';
import type { Match, Token } from './match.ts';
import type { SearchScope } from './search-scope.ts';
import type { ParseContext } from './search-type.ts';
import { unescapeValue } from './split-value.ts';
import { parseToken } from './types/token.ts';

/** Codes of one parameter; each is a key in the statement. */
const maximumCodes = 20_000;

function notKnown(name: string, what: string) {
  return notSupported(`${name.slice(0, 64)} cannot be answered: ${what} is not known here`, placeOf(name));
}

function membersOf(text: string, name: string, { codes, baseUrl = '' }: SearchScope): readonly Token[] {
  const canonical = unescapeValue(text);
  const members = codes.membersOf(canonical.startsWith('ValueSet/') ? `${baseUrl}/${canonical}` : canonical);
  if (!members) throw notKnown(name, 'the value set, or all of its codes,');
  return members;
}

function relativesOf(
  text: string,
  name: string,
  direction: 'above' | 'below',
  { codes }: SearchScope,
): readonly Token[] {
  const token = parseToken(text, name);
  if (!token.system || token.code === undefined) throw malformed(name, 'a system and a code with | between them');
  const relatives = codes.relatives(token, direction);
  if (!relatives) throw notKnown(name, 'the code system, or the code in it,');
  return relatives;
}

/** The tokens that a modifier stands for. Throws a FhirError 400 for what is not known: an answer without it would lack much. */
export function parseCoded(
  modifier: string,
  alternatives: readonly string[],
  { name }: ParseContext,
  scope: SearchScope,
): Match {
  const isSet = modifier === 'in' || modifier === 'not-in';
  const direction = modifier === 'above' ? 'above' : 'below';
  const tokens = alternatives.flatMap((text) =>
    isSet ? membersOf(text, name, scope) : relativesOf(text, name, direction, scope),
  );
  if (tokens.length > maximumCodes) throw malformed(name, `about at most ${maximumCodes} codes`);
  return { kind: 'token', tokens };
}
