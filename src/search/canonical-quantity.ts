/** Units as what they measure, so that `5 mg` and `0.005 g` are one quantity. https://ucum.org/ucum */
import { createRequire } from 'node:module';

export interface CanonicalUnit {
  /** Names what the unit measures: the same for all units that can be converted into each other. */
  readonly key: string;
  /** From the unit to the one that all of its kind share. The same quantity gives the same number, whatever unit it is written in. */
  convert(value: number): number;
}

/** Undefined for what is no code of UCUM. */
export type CanonicalUnitOf = (code: string) => CanonicalUnit | undefined;

/** What is used here of a unit of @lhncbc/ucum-lhc. */
interface UcumUnit {
  readonly magnitude_: number;
  readonly dim_: { readonly dimVec_: readonly number[] | null } | null;
  /** Name of a function where a factor does not do. */
  readonly cnv_: string | null;
  readonly isArbitrary_: boolean;
  readonly moleExp_: number;
}

interface Ucum {
  getSpecifiedUnit(code: string, use: 'validate'): { readonly unit: UcumUnit | null };
  convertUnitTo(code: string, value: number, to: string): { readonly toVal: number | null };
}

/** Longer codes are none that anybody writes. */
const longestCode = 100;
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

/** It takes 30 ms to load, so it is loaded when a quantity first comes by. */
function loadUcum(): Ucum {
  const require = createRequire(import.meta.url);
  const { UcumLhcUtils } = require('@lhncbc/ucum-lhc') as { UcumLhcUtils: { getInstance(): Ucum } };
  return UcumLhcUtils.getInstance();
}

/** The tables of the library are plain objects, which have members of their own. */
const isPlain = (code: string): boolean => !code.split(/[^A-Za-z_]+/).some((word) => word in Object.prototype);

function toCanonical(code: string, ucum: Ucum): CanonicalUnit | undefined {
  // the library overlooks spaces, which no code has
  if (/\s/.test(code) || !isPlain(code)) return undefined;
  const { unit } = ucum.getSpecifiedUnit(code, 'validate');
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
  return { key: measure, convert: (value) => rounded(ucum.convertUnitTo(code, value, base).toVal ?? value) };
}

/** Reads the tables of UCUM when it is first used, and remembers the units of late. */
export function createCanonicalUnits(): CanonicalUnitOf {
  let ucum: Ucum | undefined;
  let young = new Map<string, CanonicalUnit | undefined>();
  let old = new Map<string, CanonicalUnit | undefined>();

  return (code) => {
    if (code.length > longestCode) return undefined;
    if (young.has(code)) return young.get(code);
    ucum ??= loadUcum();
    const unit = old.has(code) ? old.get(code) : toCanonical(code, ucum);
    if (young.size >= generationSize) {
      old = young;
      young = new Map();
    }
    young.set(code, unit);
    return unit;
  };
}
