/** R4's invariants that are checked in TypeScript, by key; each says what its FHIRPath says. https://hl7.org/fhir/R4/conformance-rules.html#constraints */
import type { InvariantContext } from '../fhirpath/invariant/compile-invariant.ts';
import { fingerprint, isSame } from '../fhirpath/evaluate/compare.ts';
import { isAfter } from './calendar.ts';
import { type Json, listOf } from './json-value.ts';

/** Whether the invariant holds for an object. It may be of any shape: other checks tell what is wrong with that. */
export type NativeInvariant = (value: Json, context: InvariantContext) => boolean;
export type NativeInvariants = ReadonlyMap<string, NativeInvariant>;

/** `exists()` of a primitive or complex element: a value, or a `_sibling` with extensions. */
const has = (value: Json, name: string): boolean => value[name] !== undefined || value[`_${name}`] !== undefined;
const hasAny = (value: Json, names: readonly string[]): boolean => names.some((name) => has(value, name));

/** The JSON property of a choice: `valueQuantity` for `value`. */
function hasChoice(value: Json, element: string): boolean {
  for (const name in value) {
    const start = name.startsWith('_') ? 1 : 0;
    const next = name.codePointAt(start + element.length) ?? 0;
    if (next >= 0x41 && next <= 0x5a && name.startsWith(element, start)) return true;
  }
  return false;
}

/** All FHIR elements must have a value or children; an id alone is neither. */
function hasContent(value: Json): boolean {
  for (const name in value) if (name !== 'id') return true;
  return false;
}

const isOrdered = ({ start, end }: Json): boolean =>
  typeof start !== 'string' || typeof end !== 'string' || !isAfter(start, end);

/** ref-1; `#` alone is the resource around a contained one. */
function isContainedReference({ reference }: Json, { resolve }: InvariantContext): boolean {
  if (typeof reference !== 'string' || !reference.startsWith('#')) return true;
  return resolve?.(reference) !== undefined;
}

/** Meals and their courses have no time before or after them. */
const meals = new Set<unknown>(['C', 'CM', 'CD', 'CV']);

/** tim-9, of several events, too. */
function isOffsetFromEvent(value: Json): boolean {
  if (!has(value, 'offset')) return true;
  const { when } = value;
  return has(value, 'when') && ![when].flat().some((event) => meals.has(event));
}

const codingsOf = (holder: unknown): readonly unknown[] =>
  listOf((holder as { code?: { coding?: unknown } | null } | null)?.code?.coding);

/** Whether a value is among these. Up to a few are quicker to compare than to look up. */
function among(values: readonly unknown[]): (value: unknown) => boolean {
  if (values.length <= fewValues) return (value) => values.some((other) => isSame(value, other));
  const known = new Set(values.map(fingerprint));
  return (value) => known.has(fingerprint(value));
}

const fewValues = 8;

/** obs-7: what a component is about is not what the value is about. */
function isCodedOnce(value: Json, { resource }: InvariantContext): boolean {
  const components = listOf(value['component']);
  if (components.length === 0 || !hasChoice(value, 'value')) return true;
  const isOwn = among(codingsOf(resource));
  return !components.some((component) => codingsOf(component).some(isOwn));
}

const atLeast = (names: readonly string[]) => (value: Json) => hasAny(value, names);
const needs = (name: string, other: string) => (value: Json) => !has(value, name) || has(value, other);
const excludes = (name: string, other: string) => (value: Json) => !has(value, name) || !has(value, other);
const notNegative = (name: string) => (value: Json) => {
  const number = value[name];
  return typeof number !== 'number' || number >= 0;
};

export const nativeInvariants: NativeInvariants = new Map<string, NativeInvariant>([
  ['ref-1', isContainedReference],
  ['ele-1', hasContent],
  ['ext-1', (value) => has(value, 'extension') !== hasChoice(value, 'value')],
  ['per-1', isOrdered],
  ['qty-3', needs('code', 'system')],
  ['att-1', needs('data', 'contentType')],
  ['cpt-2', needs('value', 'system')],
  ['tim-1', needs('duration', 'durationUnit')],
  ['tim-2', needs('period', 'periodUnit')],
  ['tim-4', notNegative('duration')],
  ['tim-5', notNegative('period')],
  ['tim-6', needs('periodMax', 'period')],
  ['tim-7', needs('durationMax', 'duration')],
  ['tim-8', needs('countMax', 'count')],
  ['tim-10', excludes('timeOfDay', 'when')],
  ['pat-1', atLeast(['name', 'telecom', 'address', 'organization'])],
  ['obs-3', atLeast(['low', 'high', 'text'])],
  ['obs-6', (value) => !has(value, 'dataAbsentReason') || !hasChoice(value, 'value')],
  ['obs-7', isCodedOnce],
  ['tim-9', isOffsetFromEvent],
  ['org-1', atLeast(['identifier', 'name'])],
  ['con-1', atLeast(['summary', 'assessment'])],
  ['con-2', atLeast(['code', 'detail'])],
  ['cpl-3', excludes('detail', 'reference')],
  ['app-1', atLeast(['type', 'actor'])],
  ['app-2', (value) => has(value, 'start') === has(value, 'end')],
  ['cmp-1', atLeast(['text', 'entry', 'section'])],
  ['cmp-2', excludes('emptyReason', 'entry')],
  ['lst-1', excludes('emptyReason', 'entry')],
  ['bdl-5', atLeast(['resource', 'request', 'response'])],
]);
