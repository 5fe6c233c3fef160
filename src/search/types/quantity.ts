/** Quantity search: `5.4`, `5.4|system|code` and `5.4||code`. UCUM units are compared by what they measure, others as they are written. https://hl7.org/fhir/R4/search.html#quantity */
import type { Hash } from '../../ports.ts';
import type { CanonicalUnit } from '../canonical-quantity.ts';
import { malformed } from '../malformed.ts';
import type { NumberComparison, Unit } from '../match.ts';
import { above, below, compareNumber, limitsRange, type NumberRange, unbounded } from '../number-range.ts';
import { sampledRange } from '../sampled-range.ts';
import type { IndexContext, IndexSink, ParseContext, QueriedSearchType } from '../search-type.ts';
import { membersOf, numberOf, type Shape, textOf } from '../shapes.ts';
import { splitPrefix } from '../split-prefix.ts';
import { splitValue, unescapeValue } from '../split-value.ts';
import { addNumber } from './number.ts';
import { ucumSystem } from '../../fhir/ucum.ts';

/** The key under which quantities of a unit stand in the number index; those of any unit stand under the key of the parameter. */
export function unitKey(hash: Hash, parameterKey: string, { system, code, canonical }: Unit): string {
  if (canonical !== undefined) return hash(`unit\u0000${parameterKey}\u0000canonical\u0000${canonical}`);
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

/** What is open stays open; few units, such as pH, grow the other way. */
function convertRange({ low, high }: NumberRange, { convert }: CanonicalUnit): NumberRange {
  const ends = [low, high].map((end) => (Math.abs(end) === unbounded ? end : convert(end)));
  return { low: Math.min(...ends), high: Math.max(...ends) };
}

/** The unit as it is written: its code, and its name if that is another. */
function namesOf({ code, unit, currency }: Shape): readonly string[] {
  return [...new Set([textOf(code) ?? textOf(currency), textOf(unit)].filter((name) => name !== undefined))];
}

function addUnits(range: NumberRange, units: Shape, context: IndexContext, sink: IndexSink): void {
  const { key, hash, isComponent, canonicalUnit } = context;
  const code = textOf(units['code']) ?? textOf(units['currency']);
  const system = textOf(units['currency']) === undefined ? textOf(units['system']) : currencies;
  const canonical = system === ucumSystem && code !== undefined ? canonicalUnit(code) : undefined;
  if (canonical && code !== undefined) {
    const unit = { code, canonical: canonical.key };
    addNumber(convertRange(range, canonical), unitKey(hash, key, unit), hash, sink);
  } else if (system !== undefined && code !== undefined) {
    addNumber(range, unitKey(hash, key, { system, code }), hash, sink);
  }
  if (isComponent) return;
  for (const name of namesOf(units)) addNumber(range, unitKey(hash, key, { code: name }), hash, sink);
}

/** The limits of what is asked for are exact, one of them excluded when the precision of the number implies it. */
function convertComparison(comparison: NumberComparison, unit: CanonicalUnit): NumberComparison {
  const { prefix, low, high } = comparison;
  const isImplied = low < high;
  const [first, second] = [unit.convert(low), unit.convert(isImplied ? above(high) : high)];
  if (first <= second) return { prefix, low: first, high: isImplied ? below(second) : second };
  return { ...comparison, low: second, high: first };
}

function parseUnit(parts: readonly string[], name: string): Unit | undefined {
  const [, system = '', code = ''] = parts;
  if (parts.length === 1) return undefined;
  if (parts.length !== 3 || code === '')
    throw malformed(name, 'a number, or a number, a system and a code with | between');
  return { code, ...(system !== '' && { system }) };
}

/** Reads a prefix, a number and its unit. Throws a FhirError 400. */
export function parseQuantity(text: string, context: ParseContext): NumberComparison {
  const { name, canonicalUnit, warn } = context;
  const parts = splitValue(text, '|').map(unescapeValue);
  const [prefix, number] = splitPrefix(parts[0] ?? '');
  const comparison = compareNumber(prefix, number);
  if (!comparison) throw malformed(name, 'a number, after a prefix and before a unit if any');
  const unit = parseUnit(parts, name);
  if (unit?.system !== ucumSystem) return { ...comparison, ...(unit && { unit }) };
  const canonical = canonicalUnit(unit.code);
  if (canonical) return { ...convertComparison(comparison, canonical), unit: { ...unit, canonical: canonical.key } };
  warn(`The unit of ${name} is none of UCUM: it was compared as it is written`);
  return { ...comparison, unit };
}

export const quantity: QueriedSearchType = {
  index(found, context, sink) {
    const value = membersOf(found);
    const sampled = context.elementType === 'SampledData' ? sampledRange(value) : undefined;
    const range = sampled ?? quantityRange(value) ?? limitsRange(value);
    if (!range) return;
    const units = [value['origin'], value['low'], value['high']].find((one) => one !== undefined) ?? value;
    addNumber(range, context.key, context.hash, sink);
    addUnits(range, membersOf(units), context, sink);
  },

  parse: (alternatives, context) => ({
    kind: 'number',
    comparisons: alternatives.map((text) => parseQuantity(text, context)),
  }),
};
