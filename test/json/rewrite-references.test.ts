import { readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { collectReferences, rewriteReferences } from '../../src/json/rewrite-references.ts';
import { documentOf } from './documents.ts';
import { elements } from './element-model.ts';

const known: ReadonlyMap<string, string> = new Map([
  ['urn:uuid:1', 'Patient/1'],
  ['Practitioner?identifier=x|1&active=true', 'Practitioner/9'],
]);
const rewrite = (text: string) => rewriteReferences(documentOf(text), elements, (uri) => known.get(uri));

describe('rewriteReferences replaces', () => {
  test.each([
    [
      'a reference',
      '{"resourceType":"Observation","subject":{"reference" : "urn:uuid:1"}}',
      '"urn:uuid:1"',
      '"Patient/1"',
    ],
    [
      'a reference written with escapes',
      '{"resourceType":"Observation","subject":{"reference":"urn:\\u0075uid:1"}}',
      '"urn:\\u0075uid:1"',
      '"Patient/1"',
    ],
    [
      'a conditional reference',
      '{"resourceType":"Patient","generalPractitioner":[{"reference":"Practitioner?identifier=x|1&active=true"}]}',
      '"Practitioner?identifier=x|1&active=true"',
      '"Practitioner/9"',
    ],
    [
      'a choice',
      '{"resourceType":"MedicationRequest","medicationReference":{"reference":"urn:uuid:1"}}',
      '"urn:uuid:1"',
      '"Patient/1"',
    ],
    [
      'references in an extension',
      '{"resourceType":"Patient","extension":[{"url":"x","valueReference":{"reference":"urn:uuid:1"}}]}',
      '"urn:uuid:1"',
      '"Patient/1"',
    ],
    [
      'a uri in an extension',
      '{"resourceType":"Patient","extension":[{"url":"x","valueUri":"urn:uuid:1"}]}',
      '"urn:uuid:1"',
      '"Patient/1"',
    ],
    [
      'a url in a nested extension',
      '{"resourceType":"Patient","extension":[{"url":"x","extension":[{"url":"y","valueUrl":"urn:uuid:1"}]}]}',
      '"urn:uuid:1"',
      '"Patient/1"',
    ],
    [
      'a uuid in an extension',
      '{"resourceType":"Patient","extension":[{"url":"x","valueUuid":"urn:uuid:1"}]}',
      '"urn:uuid:1"',
      '"Patient/1"',
    ],
    [
      'a uri in the extension of a primitive',
      '{"resourceType":"Patient","_birthDate":{"extension":[{"url":"x","valueUri":"urn:uuid:1"}]}}',
      '"urn:uuid:1"',
      '"Patient/1"',
    ],
    [
      'a uri in the extension of a repeated primitive',
      '{"resourceType":"Patient","name":[{"given":["a","b"],"_given":[null,{"extension":[{"url":"x","valueUri":"urn:uuid:1"}]}]}]}',
      '"urn:uuid:1"',
      '"Patient/1"',
    ],
    [
      'the url of an attachment',
      '{"resourceType":"DocumentReference","content":[{"attachment":{"url":"urn:uuid:1"}}]}',
      '"urn:uuid:1"',
      '"Patient/1"',
    ],
    [
      'an item of a list of urls',
      '{"resourceType":"Encounter","extension":[{"url":"x","valueTriggerDefinition":{"name":"a"}}],"implicitRules":"urn:uuid:1"}',
      '"urn:uuid:1"',
      '"Patient/1"',
    ],
    [
      'a reference in a contained resource',
      '{"resourceType":"Patient","contained":[{"subject":{"reference":"urn:uuid:1"},"resourceType":"Observation"}]}',
      '"urn:uuid:1"',
      '"Patient/1"',
    ],
    [
      'a reference in an entry of a Bundle',
      '{"resourceType":"Bundle","entry":[{"resource":{"subject":{"reference":"urn:uuid:1"},"resourceType":"Observation"}}]}',
      '"urn:uuid:1"',
      '"Patient/1"',
    ],
    [
      'a reference in Parameters',
      '{"resourceType":"Parameters","parameter":[{"part":[{"resource":{"resourceType":"Observation","subject":{"reference":"urn:uuid:1"}}}]}]}',
      '"urn:uuid:1"',
      '"Patient/1"',
    ],
    [
      'a reference in a recursive element',
      '{"resourceType":"Questionnaire","item":[{"item":[{"initial":[{"valueReference":{"reference":"urn:uuid:1"}}]}]}]}',
      '"urn:uuid:1"',
      '"Patient/1"',
    ],
    [
      'a link in a narrative',
      '{"resourceType":"Patient","text":{"div":"<div><a href=\\"urn:uuid:1\\">x</a></div>"}}',
      'urn:uuid:1',
      'Patient/1',
    ],
    [
      'an image in a narrative',
      '{"resourceType":"Patient","text":{"div":"<div><img alt=\'>\' src=\'urn:uuid:1\'/></div>"}}',
      'urn:uuid:1',
      'Patient/1',
    ],
    [
      'a link with an ampersand',
      '{"resourceType":"Patient","text":{"div":"<a href=\\"Practitioner?identifier=x|1&amp;active=true\\">x</a>"}}',
      'Practitioner?identifier=x|1&amp;active=true',
      'Practitioner/9',
    ],
  ])('%s', (_name, text, token, replacement) => {
    const { text: rewritten, resource, outline, entries } = rewrite(text);
    expect(rewritten).toBe(text.replace(token, replacement));
    expect({ text: rewritten, resource, outline, ...(entries && { entries }) }).toEqual(documentOf(rewritten));
  });
});

describe('rewriteReferences leaves', () => {
  test.each([
    ['canonicals', '{"resourceType":"MeasureReport","measure":"urn:uuid:1"}'],
    ['plain strings', '{"resourceType":"Patient","name":[{"text":"urn:uuid:1"}]}'],
    ['codes', '{"resourceType":"Observation","status":"urn:uuid:1"}'],
    ['the display of a reference', '{"resourceType":"Observation","subject":{"display":"urn:uuid:1"}}'],
    [
      'elements that R4 does not know',
      '{"resourceType":"Patient","reference":"urn:uuid:1","__proto__":{"reference":"urn:uuid:1"}}',
    ],
    ['types that R4 does not know', '{"resourceType":"Nothing","subject":{"reference":"urn:uuid:1"}}'],
    ['other references', '{"resourceType":"Observation","subject":{"reference":"urn:uuid:2"}}'],
    [
      'text and comments of a narrative',
      '{"resourceType":"Patient","text":{"div":"<div>href=\\"urn:uuid:1\\" <!-- <a href=\\"urn:uuid:1\\"> --></div>"}}',
    ],
    [
      'other attributes of a narrative',
      '{"resourceType":"Patient","text":{"div":"<a title=\\"urn:uuid:1\\" data-href=\\"urn:uuid:1\\">src</a>"}}',
    ],
    ['a comment without an end', '{"resourceType":"Patient","text":{"div":"<!-- <a href=\\"urn:uuid:1\\">"}}'],
    [
      'values of the wrong shape',
      '{"resourceType":"Observation","subject":"urn:uuid:1","contained":["urn:uuid:1",null]}',
    ],
    [
      'the resourceType of an example scenario',
      '{"resourceType":"ExampleScenario","instance":[{"resourceType":"Observation","subject":{"reference":"urn:uuid:1"}}]}',
    ],
  ])('%s', (_name, text) => {
    const document = documentOf(text);
    expect(rewriteReferences(document, elements, (uri) => known.get(uri))).toBe(document);
  });

  test('the writing of everything else', () => {
    const text =
      '{ "resourceType":"Observation", "valueQuantity":{"value":1.00,"unit":"\\u006dg"},\n"subject":{"reference":"urn:uuid:1"},"id":"a","meta":{"versionId":"1"} }';
    expect(rewrite(text).text).toBe(text.replace('urn:uuid:1', 'Patient/1'));
  });

  test('the document that it is given', () => {
    const document = documentOf('{"resourceType":"Observation","subject":{"reference":"urn:uuid:1"}}');
    const before = structuredClone(document);
    rewriteReferences(document, elements, (uri) => known.get(uri));
    expect(document).toEqual(before);
  });
});

describe('rewriteReferences', () => {
  test('tells what a uri is used for', () => {
    const uses = new Map<string, string>();
    const text =
      '{"resourceType":"Patient","implicitRules":"a","managingOrganization":{"reference":"b"},"text":{"div":"<a href=\'c\'/>"}}';
    rewriteReferences(documentOf(text), elements, (uri, use) => {
      uses.set(uri, use);
      return undefined;
    });
    expect(Object.fromEntries(uses)).toEqual({ a: 'uri', b: 'reference', c: 'narrative' });
  });

  test('shifts the outline and the entries by what comes before', () => {
    const text =
      '{"resourceType":"Bundle","entry":[{"resource":{"resourceType":"Observation","subject":{"reference":"urn:uuid:1"},"id":"a","meta":{"versionId":"1"}}},{"fullUrl":"urn:uuid:1","resource":{"resourceType":"Patient","link":[{"other":{"reference":"urn:uuid:1"}}],"id":"b"}}],"meta":{"tag":[],"lastUpdated":"x"},"id":"c"}';
    const rewritten = rewrite(text);
    expect(rewritten).toEqual(documentOf(text.replaceAll('urn:uuid:1', 'Patient/1')));
  });

  test('encodes what it puts in', () => {
    const text = '{"resourceType":"Patient","implicitRules":"a","text":{"div":"<a href=\'a\'/>"}}';
    const { text: rewritten, resource } = rewriteReferences(documentOf(text), elements, () => `"\\&'`);
    expect(JSON.parse(rewritten)).toEqual(resource);
    expect(resource['implicitRules']).toBe(`"\\&'`);
    expect(resource['text']).toEqual({ div: "<a href='&quot;\\&amp;&apos;'/>" });
  });

  test('takes hostile narratives in its stride', () => {
    const divs = [
      '<a href="'.repeat(50_000),
      `<a ${'href '.repeat(50_000)}`,
      `<a href${' '.repeat(200_000)}`,
      '<!--'.repeat(50_000),
    ];
    for (const div of divs) {
      const document = documentOf(JSON.stringify({ resourceType: 'Patient', text: { div } }));
      expect(rewriteReferences(document, elements, () => undefined)).toBe(document);
    }
  });

  test('resolves a ring of references in a Synthea-like example', () => {
    const url = new URL('../../node_modules/hl7.fhir.r4.examples/Bundle-bundle-transaction.json', import.meta.url);
    const document = documentOf(readFileSync(url, 'utf8'));
    const rewritten = rewriteReferences(document, elements, (uri) => `${uri}/rewritten`);
    expect(rewritten.resource).toEqual(JSON.parse(rewritten.text));
    expect(rewritten).toEqual(documentOf(rewritten.text));
    expect(rewritten.resource).not.toEqual(document.resource);
  });
});

describe('collectReferences', () => {
  test('lists uses and paths in order', () => {
    const { resource } = documentOf(
      '{"resourceType":"Patient","contained":[{"resourceType":"Observation","subject":{"reference":"#"}}],"link":[{"other":{"reference":"Patient?x=1"}}],"extension":[{"url":"http://x","valueUri":"urn:uuid:1"}],"name":[{"given":["a"],"_given":[{"extension":[{"url":"u","valueOid":"urn:oid:1"}]}]}],"text":{"div":"<a href=\'L\'/>"}}',
    );
    expect(collectReferences(resource, elements)).toEqual([
      { uri: '#', use: 'reference', path: 'Patient.contained[0].subject.reference' },
      { uri: 'Patient?x=1', use: 'reference', path: 'Patient.link[0].other.reference' },
      { uri: 'http://x', use: 'uri', path: 'Patient.extension[0].url' },
      { uri: 'urn:uuid:1', use: 'uri', path: 'Patient.extension[0].valueUri' },
      { uri: 'u', use: 'uri', path: 'Patient.name[0]._given[0].extension[0].url' },
      { uri: 'urn:oid:1', use: 'uri', path: 'Patient.name[0]._given[0].extension[0].valueOid' },
      { uri: 'L', use: 'narrative', path: 'Patient.text.div' },
    ]);
  });
});
