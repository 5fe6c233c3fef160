/** What Observations measured, grouped by code: their own values, those of their components, and those of the members of a panel. https://hl7.org/fhir/R4/observation-operation-stats.html */
import { parseReference } from '../fhir/reference.ts';
import type { CanonicalUnit, CanonicalUnitOf } from '../search/canonical-quantity.ts';
import { itemsOf, membersOf, numberOf, type Shape, textOf } from '../search/shapes.ts';
import { ucumSystem } from '../fhir/ucum.ts';

export interface Coding {
  readonly system: string;
  readonly code: string;
  readonly display?: string;
}

/** A number in a unit of UCUM. */
export interface Measured {
  readonly number: number;
  readonly code: string;
  /** The name of the unit. */
  readonly unit?: string;
}

/** What has one code. */
export interface Group {
  readonly coding: Coding;
  /** The latest first. */
  readonly values: readonly Measured[];
  /** Also what has no valid value. */
  readonly total: number;
}

/** Digits that survive a conversion. */
const significantDigits = 10;

/** A value with a comparator is no number, and what a modifier extension does to a value nobody knows here. */
function measuredOf(part: Shape): Measured | undefined {
  const { value, system, code, unit, comparator } = membersOf(part['valueQuantity']);
  const [number, known, name] = [numberOf(value), textOf(code), textOf(unit)];
  if (system !== ucumSystem || known === undefined || number === undefined || comparator !== undefined)
    return undefined;
  if (part['modifierExtension'] !== undefined) return undefined;
  return { number, code: known, ...(name !== undefined && { unit: name }) };
}

function codingsOf({ code }: Shape): readonly Coding[] {
  return itemsOf(membersOf(code)['coding']).flatMap((one) => {
    const { system, code: value, display } = membersOf(one);
    const [known, text, name] = [textOf(system), textOf(value), textOf(display)];
    if (known === undefined || text === undefined) return [];
    return [{ system: known, code: text, ...(name !== undefined && { display: name }) }];
  });
}

const keyOf = ({ system, code }: Coding): string => `${system}|${code}`;

const hasValue = (part: Shape): boolean =>
  Object.keys(part).some((name) => name.startsWith('value') || name === 'dataAbsentReason');

/** Takes each Observation once, wherever it came from. */
export class Measurements {
  readonly #wanted: ReadonlyMap<string, Coding>;
  readonly #groups = new Map<string, { coding: Coding; values: Measured[]; total: number }>();
  readonly #seen = new Set<string>();
  /** Codes of panels: what they hold is given under its own codes. */
  readonly #panels = new Set<string>();

  constructor(wanted: readonly Coding[]) {
    this.#wanted = new Map(wanted.map((coding) => [keyOf(coding), coding]));
  }

  #wantedOf(part: Shape): Coding | undefined {
    const keys = codingsOf(part).map(keyOf);
    return keys.map((key) => this.#wanted.get(key)).find((coding) => coding !== undefined);
  }

  /** Under the code that was asked for, or else under its first. Returns whether it has a valid value. */
  #put(part: Shape, whole: Shape): boolean {
    const coding = this.#wantedOf(part) ?? codingsOf(part)[0];
    if (!coding) return false;
    const key = keyOf(coding);
    const group = this.#groups.get(key) ?? { coding, values: [], total: 0 };
    this.#groups.set(key, group);
    group.total += 1;
    const measured = whole['modifierExtension'] === undefined ? measuredOf(part) : undefined;
    if (measured) group.values.push(measured);
    return measured !== undefined;
  }

  /** True when some value of it counts. A panel that was asked for, and a member of one, count with all that they hold. */
  add(observation: Shape, isMember = false): boolean {
    const id = textOf(observation['id']) ?? '';
    if (this.#seen.has(id) || observation['status'] === 'entered-in-error') return false;
    this.#seen.add(id);
    const wanted = this.#wantedOf(observation);
    const isWhole = isMember || wanted !== undefined;
    const components = itemsOf(observation['component']).map(membersOf);
    const isPanel = components.length > 0 || observation['hasMember'] !== undefined;
    if (wanted && isPanel) this.#panels.add(keyOf(wanted));
    const own = isWhole && (hasValue(observation) || !isPanel) ? [observation] : [];
    const parts = components.filter((component) => isWhole || this.#wantedOf(component) !== undefined);
    return [...own, ...parts].map((part) => this.#put(part, observation)).includes(true);
  }

  /** The ids of the Observations of this server that are members of a panel that was asked for, or of one within it. */
  membersOf(observation: Shape, { isMember, baseUrl }: { readonly isMember: boolean; readonly baseUrl: string }) {
    if (observation['status'] === 'entered-in-error') return [];
    if (!isMember && this.#wantedOf(observation) === undefined) return [];
    return itemsOf(observation['hasMember']).flatMap((member) => {
      const literal = parseReference(textOf(membersOf(member)['reference']) ?? '');
      const isHere = literal?.type === 'Observation' && (literal.base === undefined || literal.base === baseUrl);
      return isHere && !this.#seen.has(literal.id) ? [literal.id] : [];
    });
  }

  /** What was measured; of what was asked for and is no panel, also what was not found. */
  groups(): readonly Group[] {
    const missing = [...this.#wanted].filter(([key]) => !this.#groups.has(key) && !this.#panels.has(key));
    return [...this.#groups.values(), ...missing.map(([, coding]) => ({ coding, values: [], total: 0 }))];
  }
}

/** From the unit that all of a kind share to `target`: units differ by a factor and an offset at most. */
function inverseOf({ convert }: CanonicalUnit): (value: number) => number {
  // far from zero, where the offset takes no digits from the factor
  const far = 1e6;
  const offset = convert(0);
  const factor = (convert(far) - offset) / far;
  return (value) => Number(((value - offset) / factor).toPrecision(significantDigits));
}

/** The numbers in one unit: their own where all have it, otherwise that of the first. Undefined when they do not measure the same. */
export function inOneUnit(values: readonly Measured[], canonicalUnit: CanonicalUnitOf) {
  const [unit] = values;
  if (!unit || values.every(({ code }) => code === unit.code)) {
    return { unit, numbers: values.map(({ number }) => number) };
  }
  const target = canonicalUnit(unit.code);
  if (!target) return undefined;
  const fromCanonical = inverseOf(target);
  const numbers = values.flatMap(({ number, code }) => {
    if (code === unit.code) return [number];
    const own = canonicalUnit(code);
    return own?.key === target.key ? [fromCanonical(own.convert(number))] : [];
  });
  return numbers.length === values.length ? { unit, numbers } : undefined;
}
