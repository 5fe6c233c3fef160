/** Faults of meaning: codes, references and extensions that are not allowed where they stand. https://hl7.org/fhir/R4/terminologies.html */
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import type { ValueSet, ValueSetExpansionContains } from 'fhir/r4.js';
import type { Mutation, Place } from './mutation.ts';
import { propertyOf, resourceTypes } from './official-elements.ts';
import { type Occurrence, spoiltValue } from './shape-mutations.ts';

function* codesOf(contains: readonly ValueSetExpansionContains[] = []): Generator<string> {
  for (const { code, contains: inner } of contains) {
    if (code !== undefined) yield code;
    yield* codesOf(inner);
  }
}

/** The codes of the value sets that HL7 has expanded completely, by canonical. */
function expandedValueSets(): ReadonlyMap<string, ReadonlySet<string>> {
  const directory = path.resolve('node_modules/hl7.fhir.r4.expansions');
  const names = readdirSync(directory).filter((name) => name.startsWith('ValueSet-'));
  const all = names.map((name) => JSON.parse(readFileSync(path.join(directory, name), 'utf8')) as ValueSet);
  const whole = all.filter(({ expansion }) => !expansion?.parameter?.some(({ name }) => name === 'limitedExpansion'));
  return new Map(whole.map(({ url = '', expansion }) => [url, new Set(codesOf(expansion?.contains))]));
}

const valueSets = expandedValueSets();
const nowhere = 'http://a.example/nothing';

function badCodes(codes: ReadonlySet<string>): readonly string[] {
  const [first = 'x'] = codes;
  const upper = first.toUpperCase();
  const lower = first.toLowerCase();
  return ['not-a-code', `${first}x`, upper, lower].filter((code) => !codes.has(code));
}

/** A required binding is broken by a code of none of its systems, a system without the code, and words alone. */
export function* wrongCodes(occurrence: Occurrence): Generator<Mutation> {
  const { element, type } = occurrence;
  const { strength, valueSet = '' } = element.binding ?? {};
  const codes = valueSets.get(valueSet.split('|')[0] ?? '');
  if (strength !== 'required' || !codes) return;
  const [known = ''] = codes;
  const codings = [
    { system: nowhere, code: 'not-a-code' },
    { system: nowhere, code: known },
  ];
  const bad: Readonly<Record<string, readonly unknown[]>> = {
    code: badCodes(codes),
    Coding: codings,
    CodeableConcept: [...codings.map((coding) => ({ coding: [coding] })), { text: 'x' }],
  };
  for (const [index, value] of (bad[type] ?? []).entries()) {
    yield spoiltValue(occurrence, 'code', `${type}, bad value ${index}`, value);
  }
}

/** A resource type that the element may not refer to; undefined when it may refer to any, or is no reference. */
export function forbiddenTarget({ element, type }: Occurrence): string | undefined {
  const allowed = (element.type ?? []).flatMap(({ targetProfile = [] }) =>
    targetProfile.map((url) => url.split('/').at(-1) ?? ''),
  );
  if (type !== 'Reference' || allowed.length === 0 || allowed.includes('Resource')) return undefined;
  const forbidden = resourceTypes.filter((one) => !allowed.includes(one));
  // not always the same one, and the same one each time
  return forbidden[(element.path.length * 31) % forbidden.length];
}

/** Another resource type than the element may refer to, told in each way that a reference can tell it. */
export function* wrongReferences(occurrence: Occurrence): Generator<Mutation> {
  const other = forbiddenTarget(occurrence);
  if (other === undefined) return;
  const references = {
    relative: { reference: `${other}/1` },
    'of a version': { reference: `${other}/1/_history/2` },
    absolute: { reference: `https://a.example/fhir/${other}/1` },
    logical: { type: other, identifier: { system: nowhere, value: '1' } },
  };
  for (const [what, value] of Object.entries(references)) {
    yield spoiltValue(occurrence, 'reference', `${what}, to another type`, value);
  }
}

const misplaced = {
  url: 'http://hl7.org/fhir/StructureDefinition/questionnaire-hidden',
  valueBoolean: true,
};
const complex = { url: 'http://hl7.org/fhir/StructureDefinition/allergyintolerance-substanceExposureRisk' };

const badExtensions: Readonly<Record<string, readonly unknown[]>> = {
  'where it may not stand': [misplaced],
  'a complex one where it may not stand': [complex],
  'no url': [{ valueString: 'x' }],
  'neither value nor parts': [{ url: nowhere }],
  'a value and parts': [{ url: nowhere, valueString: 'x', extension: [{ url: 'x', valueString: 'x' }] }],
  'two values': [{ url: nowhere, valueString: 'x', valueBoolean: true }],
  'a value of no type': [{ url: nowhere, valueThing: 'x' }],
};

/** Added to any object: all may have extensions. Questionnaires may have the one that others may not. */
export function* wrongExtensions({ target, type, expression }: Place): Generator<Mutation> {
  if (type.startsWith('Questionnaire') || target['url'] !== undefined) return;
  const before: unknown = target['extension'];
  const kept: readonly unknown[] = Array.isArray(before) ? before : [];
  for (const [what, bad] of Object.entries(badExtensions)) {
    const changes = [{ target, property: 'extension', value: [...kept, ...bad] }];
    const at = propertyOf(type, 'extension') ? `.extension[${kept.length}]` : '.extension';
    yield { kind: 'extension', what, expression: expression + at, changes };
  }
}
