/** Units as what they measure, so that `5 mg` and `0.005 g` are one quantity. https://ucum.org/ucum */
import { remembering } from '../fhir/remembering.ts';
import { loadUcum, longestUcumCode, type Ucum } from '../fhir/ucum.ts';

export interface CanonicalUnit {
  /** Names what the unit measures: the same for all units that can be converted into each other. */
  readonly key: string;
  /** From the unit to the one that all of its kind share. The same quantity gives the same number, whatever unit it is written in. */
  convert(value: number): number;
}

/** Undefined for what is no code of UCUM. */
export type CanonicalUnitOf = (code: string) => CanonicalUnit | undefined;

/** Two generations of this many are remembered. */
const generationSize = 2_000;
/** Digits that survive the arithmetic of doubles, more than any instrument has. */
const significantDigits = 12;

/** Temperatures have an offset, and Kelvin in common. */
const offsets: ReadonlyMap<string, string> = new Map([
  ['Cel', 'K'],
  ['degF', 'K'],
  ['degRe', 'K'],
]);

const rounded = (value: number): number => Number(value.toPrecision(significantDigits));

/** Units defined by a procedure, such as `[iU]`, measure something of their own: equal symbols, equal measure. */
const arbitrarySymbols = (code: string): string => (code.match(/\[[^\]]+\]/g) ?? []).sort().join('');

function toCanonical(code: string, ucum: Ucum): CanonicalUnit | undefined {
  const unit = ucum.unitOf(code);
  if (!unit) return undefined;
  const { magnitude_: factor, dim_: dimension, cnv_: procedure, isArbitrary_: isArbitrary, moleExp_: moles } = unit;
  const measure = `${dimension?.dimVec_?.join(',') ?? ''} ${moles}`;
  if (procedure === null || procedure === undefined) {
    const key = isArbitrary ? `${measure} ${arbitrarySymbols(code)}` : measure;
    return { key, convert: (value) => rounded(value * factor) };
  }
  const base = offsets.get(procedure);
  // what grows by powers is compared in its own unit alone
  if (base === undefined) return { key: `= ${code}`, convert: rounded };
  return { key: measure, convert: (value) => rounded(ucum.convert(value, code, base) ?? value) };
}

/** Reads the tables of UCUM when it is first used, and remembers the units of late. */
export function createCanonicalUnits(): CanonicalUnitOf {
  let ucum: Ucum | undefined;
  const unitOf = remembering((code) => toCanonical(code, (ucum ??= loadUcum())), generationSize);
  return (code) => (code.length > longestUcumCode ? undefined : unitOf(code));
}
