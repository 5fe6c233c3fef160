/** HL7's own expansions of R4's value sets say what ours must be. https://hl7.org/fhir/R4/valueset-operation-expand.html */
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from '@jest/globals';
import type { ValueSet, ValueSetExpansionContains } from 'fhir/r4.js';
import { createBundledConformance } from '../../src/definitions/bundled-conformance.ts';
import { codesOf } from '../../src/terminology/expand.ts';
import { createTerminology } from '../../src/terminology/terminology.ts';

const conformance = createBundledConformance('schemas/r4');
const terminology = createTerminology(conformance);
const directory = path.resolve('node_modules/hl7.fhir.r4.expansions');

const official = readdirSync(directory)
  .filter((name) => name.startsWith('ValueSet-'))
  .map((name) => JSON.parse(readFileSync(path.join(directory, name), 'utf8')) as ValueSet)
  // some are published twice
  .filter(({ url }, index, all) => all.findIndex((other) => other.url === url) === index);

/** HL7's expander left parts of these out, by its own account. */
const isLimited = ({ expansion }: ValueSet): boolean =>
  expansion?.parameter?.some(({ name }) => name === 'limitedExpansion') === true;

/** Codes that can be chosen, as `system|code`. */
function selectable(contains: readonly ValueSetExpansionContains[]): readonly string[] {
  return contains.flatMap(({ system, code, abstract, contains: parts = [] }) => [
    ...(code === undefined || abstract ? [] : [`${system}|${code}`]),
    ...selectable(parts),
  ]);
}

/** Where ours differs, and why. */
const inactive = 'HL7 left out retired codes, which the definition includes; activeOnly leaves them out here';
const asAbstract = 'codes that the system calls not selectable are chosen in the official expansion';
const pinned = 'wants a version of the code system that R4 does not have';
const differing: Readonly<Record<string, string>> = {
  'http://hl7.org/fhir/ValueSet/detectedissue-category': inactive,
  'http://hl7.org/fhir/ValueSet/diagnostic-service-sections': inactive,
  'http://hl7.org/fhir/ValueSet/observation-interpretation': inactive,
  'http://hl7.org/fhir/ValueSet/patient-contactrelationship': inactive,
  'http://hl7.org/fhir/ValueSet/relatedperson-relationshiptype': inactive,
  'http://hl7.org/fhir/ValueSet/security-labels': inactive,
  'http://terminology.hl7.org/ValueSet/v2-0487': inactive,
  'http://terminology.hl7.org/ValueSet/v2-0916': inactive,
  'http://terminology.hl7.org/ValueSet/v3-ActCode': inactive,
  'http://terminology.hl7.org/ValueSet/v3-ActPharmacySupplyType': inactive,
  'http://hl7.org/fhir/ValueSet/referencerange-meaning': asAbstract,
  'http://hl7.org/fhir/ValueSet/task-code': pinned,
  'http://terminology.hl7.org/ValueSet/v2-2.7-0360': pinned,
};

function ownCodes(url: string): readonly string[] | undefined {
  const valueSet = conformance.find('ValueSet', url);
  try {
    return valueSet && selectable(codesOf(valueSet, { conformance, codeSystems: terminology }));
  } catch {
    return undefined;
  }
}

describe('the expansion of every official value set', () => {
  const whole = official.filter((valueSet) => !isLimited(valueSet) && valueSet.expansion?.contains);

  it('is the official one, but where the reason is known', () => {
    const different = whole.filter(({ url = '', expansion }) => {
      const expected = [...new Set(selectable(expansion?.contains ?? []))].sort();
      return JSON.stringify([...new Set(ownCodes(url))].sort()) !== JSON.stringify(expected);
    });
    expect(whole.length).toBeGreaterThan(450);
    expect(different.map(({ url = '' }) => url).sort()).toEqual(Object.keys(differing).sort());
  });

  it('has exactly the members that membership tells, without expanding', () => {
    const wrong: string[] = [];
    for (const { url = '' } of official) {
      for (const name of ownCodes(url) ?? []) {
        const [system = '', ...code] = name.split('|');
        if (terminology.membership(url, { system, code: code.join('|') }) !== 'member') wrong.push(`${url} ${name}`);
      }
      if (terminology.membership(url, { system: 'http://a.example', code: 'x' }) === 'member') wrong.push(url);
    }
    expect(wrong).toEqual([]);
  });
});
