/** Units of UCUM, by the tables and the grammar of @lhncbc/ucum-lhc. https://ucum.org/ucum */
import { createRequire } from 'node:module';

export const ucumSystem = 'http://unitsofmeasure.org';

/** What is used here of a unit of @lhncbc/ucum-lhc. */
export interface UcumUnit {
  readonly name_: string | null;
  readonly magnitude_: number;
  readonly dim_: { readonly dimVec_: readonly number[] | null } | null;
  /** Name of a function where a factor does not do. */
  readonly cnv_: string | null;
  readonly isArbitrary_: boolean;
  readonly moleExp_: number;
}

interface Library {
  /** Throws, or gives null, for what it cannot read; the text is the code as it should have been written. */
  readonly uStrParser_: { parseString(code: string, use: 'validate'): readonly [UcumUnit | null, string | null] };
  convertUnitTo(code: string, value: number, to: string): { readonly toVal: number | null };
}

interface Tables {
  getUnitByCode(code: string): UcumUnit | undefined;
}

interface Package {
  readonly UcumLhcUtils: { getInstance(): Library };
  readonly UnitTables: { getInstance(): Tables };
}

export interface Ucum {
  /** Undefined for what is no code of UCUM. */
  unitOf(code: string): UcumUnit | undefined;
  /** For units that a factor does not convert; undefined when they measure different things. */
  convert(value: number, from: string, to: string): number | undefined;
}

/** Longer ones are none that anybody writes. */
export const longestUcumCode = 100;

/** Codes are of the printable characters of ASCII (UCUM §6). */
const possibleCode = /^[!-~]{1,100}$/;

/** The tables of the library are plain objects, which have members of their own. */
const isPlain = (code: string): boolean => !code.split(/[^A-Za-z_]+/).some((word) => word in Object.prototype);

/** The library's own door to this, getSpecifiedUnit, writes codes that it cannot read to the console. */
function parsed(code: string, { uStrParser_: parser }: Library): UcumUnit | undefined {
  try {
    const [unit, meant] = parser.parseString(code, 'validate');
    // it also finds what somebody may have meant: `kg` for `kilogram`
    return unit && meant === code ? unit : undefined;
  } catch {
    return undefined;
  }
}

/** Reads the tables. It takes 30 ms, so whoever may need them does it when a unit first comes by. */
export function loadUcum(): Ucum {
  const require = createRequire(import.meta.url);
  const { UcumLhcUtils, UnitTables } = require('@lhncbc/ucum-lhc') as Package;
  const [library, tables] = [UcumLhcUtils.getInstance(), UnitTables.getInstance()];
  return {
    unitOf: (code) =>
      possibleCode.test(code) && isPlain(code) ? (tables.getUnitByCode(code) ?? parsed(code, library)) : undefined,
    convert: (value, from, to) => library.convertUnitTo(from, value, to).toVal ?? undefined,
  };
}
