/** Tokens by code, by system, by both, by neither, by their text. https://hl7.org/fhir/R4/search.html#token */
import type { Choices } from './choices.ts';
import { type Code, isRelated, valueSetOf } from './codes.ts';
import { type Asked, escaped } from './asked.ts';
import { folded, isBroken } from './texts.ts';
import { isJson, isText, listOf, type Value } from './values.ts';

interface Pair {
  readonly system: string | undefined;
  readonly code: string | undefined;
}

const textOr = (value: unknown): string | undefined => (isText(value) ? value : undefined);

function pairOf(value: unknown, type: string): Pair {
  // elements of type string are compared without case
  if (type === 'string') return { system: undefined, code: String(value).toLowerCase() };
  if (!isJson(value)) return { system: undefined, code: String(value) };
  const code = type === 'Identifier' || type === 'ContactPoint' ? value['value'] : value['code'];
  return { system: textOr(value['system']), code: textOr(code) };
}

function pairsOf([value, type]: Value): readonly Pair[] {
  if (type !== 'CodeableConcept' || !isJson(value)) return [pairOf(value, type)];
  return listOf(value['coding']).map((coding) => pairOf(coding, 'Coding'));
}

/** What is written beside the codes; a code without any stands for itself. */
export function writtenIn([value, type]: Value): readonly string[] {
  const members = isJson(value) ? value : {};
  const kind = isJson(members['type']) ? members['type'] : {};
  const codings = listOf(members['coding']).filter(isJson);
  const written = [members['text'], members['display'], kind['text'], ...codings.map(({ display }) => display)].filter(
    isText,
  );
  if (written.length > 0 || type === 'Identifier' || type === 'ContactPoint') return written;
  return pairsOf([value, type]).flatMap(({ code }) => (code === undefined ? [] : [code]));
}

function askText(value: Value, choices: Choices): Asked | undefined {
  const text = choices.of(writtenIn(value));
  const piece = text?.slice(choices.below(5), 6 + choices.below(10)) ?? '';
  if (folded(piece) === '' || isBroken(piece)) return undefined;
  const holds = (values: readonly Value[]) =>
    values.flatMap(writtenIn).some((own) => folded(own).includes(folded(piece)));
  return { text: escaped(piece), modifier: 'text', holds };
}

function askOfType([value, type]: Value): Asked | undefined {
  if (type !== 'Identifier' || !isJson(value) || !isJson(value['type'])) return undefined;
  const coding = listOf(value['type']['coding']).find(isJson);
  const [system, code, identifier] = [textOr(coding?.['system']), textOr(coding?.['code']), textOr(value['value'])];
  if (system === undefined || code === undefined || identifier === undefined) return undefined;
  return {
    text: [system, code, identifier].map(escaped).join('|'),
    modifier: 'of-type',
    holds: (values) =>
      values.some(
        ([one]) =>
          isJson(one) &&
          one['value'] === identifier &&
          isJson(one['type']) &&
          listOf(one['type']['coding']).some((own) => isJson(own) && own['system'] === system && own['code'] === code),
      ),
  };
}

/** The four ways to write a token, of those that the pair allows. A `code` has the system of its binding, which values do not say. */
function waysOf(
  { system, code }: Pair,
  isBare: boolean,
): readonly (readonly [text: string, holds: (own: Pair) => boolean])[] {
  const bare = code === undefined ? [] : [[escaped(code), (own: Pair) => own.code === code] as const];
  if (isBare) return bare;
  const whole =
    code === undefined
      ? []
      : [
          [
            `${escaped(system ?? '')}|${escaped(code)}`,
            (own: Pair) => own.system === system && own.code === code,
          ] as const,
        ];
  const place = system === undefined ? [] : [[`${escaped(system)}|`, (own: Pair) => own.system === system] as const];
  return [...bare, ...whole, ...place];
}

const isCode = ({ system, code }: Pair): boolean => system !== undefined && code !== undefined;

/** In a value set of some of the codes, or not in it. */
function askMembers(pool: readonly Value[], choices: Choices): Asked | undefined {
  const codes = pool.flatMap(pairsOf).filter((pair): pair is Code => isCode(pair));
  const members = [choices.of(codes), choices.of(codes)].filter((one) => one !== undefined);
  if (members.length === 0) return undefined;
  const isMember = ({ system, code }: Pair) => members.some((one) => one.system === system && one.code === code);
  const holds = (values: readonly Value[]) => values.flatMap(pairsOf).some(isMember);
  const text = escaped(valueSetOf(members));
  return choices.below(2) === 0
    ? { text, modifier: 'in', holds }
    : { text, modifier: 'not-in', holds: (values) => !holds(values) };
}

function askRelatives(pool: readonly Value[], choices: Choices): Asked | undefined {
  const code = choices.of(pool.flatMap(pairsOf).filter((pair): pair is Code => isCode(pair)));
  if (!code) return undefined;
  const direction = choices.below(2) === 0 ? 'above' : 'below';
  const is = (pair: Pair) => isCode(pair) && isRelated(code, pair as Code, direction);
  return {
    text: `${escaped(code.system)}|${escaped(code.code)}`,
    modifier: direction,
    holds: (values) => values.flatMap(pairsOf).some(is),
  };
}

/** What only some values can be asked by. */
function askSpecial(value: Value, pool: readonly Value[], choices: Choices): Asked | undefined {
  const typed = pool.map(askOfType).filter((one) => one !== undefined);
  const isCoded = pool.every(([, type]) => type === 'Coding' || type === 'CodeableConcept');
  const way = choices.below(3);
  if (typed.length > 0 && way > 0) return choices.of(typed);
  if (isCoded && way > 0) return way === 1 ? askMembers(pool, choices) : askRelatives(pool, choices);
  return askText(value, choices);
}

/** A token that some value has, or its text, or what is not so. */
export function askToken(pool: readonly Value[], choices: Choices): Asked | undefined {
  const value = choices.of(pool);
  if (!value) return undefined;
  const way = choices.below(8);
  if (way >= 6) return askSpecial(value, pool, choices);
  const pair = choices.of(pairsOf(value));
  const isBare = pool.some(([, type]) => type === 'code');
  const [text, is] = (pair && choices.of(waysOf(pair, isBare))) ?? [];
  if (text === undefined || !is) return undefined;
  const holds = (values: readonly Value[]) => values.flatMap(pairsOf).some(is);
  return way === 5 ? { text, modifier: 'not', holds: (values) => !holds(values) } : { text, holds };
}
