/** Quantity search: `5.4`, `5.4|system|code` and `5.4||code`. Units are compared as they are written: none is converted. https://hl7.org/fhir/R4/search.html#quantity */
import type { Hash } from '../../ports.ts';
import { malformed } from '../malformed.ts';
import type { NumberComparison, Unit } from '../match.ts';
import { compareNumber, limitsRange, type NumberRange, unbounded } from '../number-range.ts';
import { sampledRange } from '../sampled-range.ts';
import type { IndexContext, IndexSink, QueriedSearchType } from '../search-type.ts';
import { membersOf, numberOf, type Shape, textOf } from '../shapes.ts';
import { splitPrefix } from '../split-prefix.ts';
import { splitValue, unescapeValue } from '../split-value.ts';

/** The key under which quantities of a unit stand in the number index; those of any unit stand under the key of the parameter. */
export function unitKey(hash: Hash, parameterKey: string, { system, code }: Unit): string {
  return system === undefined
    ? hash(`unit\u0000${parameterKey}\u0000code\u0000${code}`)
    : hash(`unit\u0000${parameterKey}\u0000both\u0000${system}\u0000${code}`);
}

const currencies = 'urn:iso:std:iso:4217';

/** `<5` is anything below: the range is open on that side. */
function quantityRange({ value, comparator }: Shape): NumberRange | undefined {
  const number = numberOf(value);
  if (number === undefined) return undefined;
  const isBelow = comparator === '<' || comparator === '<=';
  const isAbove = comparator === '>' || comparator === '>=';
  return { low: isBelow ? -unbounded : number, high: isAbove ? unbounded : number };
}

/** The ways to ask for the unit of a quantity. */
function unitsOf({ system, code, unit, currency }: Shape): readonly Unit[] {
  const known = textOf(code) ?? textOf(currency);
  const name = textOf(unit);
  const place = textOf(currency) === undefined ? textOf(system) : currencies;
  return [
    ...(known !== undefined && place !== undefined ? [{ system: place, code: known }] : []),
    ...(known === undefined ? [] : [{ code: known }]),
    ...(name === undefined || name === known ? [] : [{ code: name }]),
  ];
}

function add({ low, high }: NumberRange, units: Shape, { key, hash }: IndexContext, sink: IndexSink): void {
  sink.number(key, low, high);
  for (const unit of unitsOf(units)) sink.number(unitKey(hash, key, unit), low, high);
}

function parseUnit(parts: readonly string[], name: string): Unit | undefined {
  const [, system = '', code = ''] = parts;
  if (parts.length === 1) return undefined;
  if (parts.length !== 3 || code === '')
    throw malformed(name, 'a number, or a number, a system and a code with | between');
  return { code, ...(system !== '' && { system }) };
}

function parseQuantity(text: string, name: string): NumberComparison {
  const parts = splitValue(text, '|').map(unescapeValue);
  const [prefix, number] = splitPrefix(parts[0] ?? '');
  const comparison = compareNumber(prefix, number);
  if (!comparison) throw malformed(name, 'a number, after a prefix and before a unit if any');
  const unit = parseUnit(parts, name);
  return { ...comparison, ...(unit && { unit }) };
}

export const quantity: QueriedSearchType = {
  index(found, context, sink) {
    const value = membersOf(found);
    const sampled = context.elementType === 'SampledData' ? sampledRange(value) : undefined;
    const range = sampled ?? quantityRange(value) ?? limitsRange(value);
    if (!range) return;
    const units = [value['origin'], value['low'], value['high']].find((one) => one !== undefined) ?? value;
    add(range, membersOf(units), context, sink);
  },

  parse: (alternatives, { name }) => ({
    kind: 'number',
    comparisons: alternatives.map((text) => parseQuantity(text, name)),
  }),
};
