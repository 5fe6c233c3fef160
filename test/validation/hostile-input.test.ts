/** Input made to cost time or memory. Nothing here is timed: what is not linear in the input would hang. https://hl7.org/fhir/R4/security.html */
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import type { Resource } from '../../src/fhir/resource.ts';
import { schemasDirectory } from '../../src/tooling/generate-schemas.ts';
import { bundledValidator } from '../support/validator.ts';
import { definitions } from './official.ts';

const validate = bundledValidator();
const megabyte = 1_000_000;

function schemaFiles(): readonly string[] {
  return readdirSync(schemasDirectory, { recursive: true, encoding: 'utf8' }).filter((name) =>
    name.endsWith('.schema.json'),
  );
}

/** Every pattern in any schema. */
function patterns(): readonly string[] {
  const found = new Set<string>();
  for (const name of schemaFiles()) {
    JSON.parse(readFileSync(join(schemasDirectory, name), 'utf8'), (key, value: unknown) => {
      if (key === 'pattern' && typeof value === 'string') found.add(value);
      return value;
    });
  }
  return [...found];
}

/** Things that parts of the patterns match, repeated; the ends make them fail as late as can be. */
const pieces = ['a', 'a ', ' ', '0', '1.', '.0', '00', 'AAAA', 'AAAA    ', '=', '-', 'é', '😀', '\t', '\n', 'a\u0000'];
const starts = ['', 'urn:oid:1', '2000-01-01T00:00:00.'];
const ends = ['', '\u0000', '!'];

const tooLong = pieces.flatMap((piece) =>
  starts.flatMap((start) => ends.map((end) => start + piece.repeat(megabyte / piece.length) + end)),
);

describe('patterns', () => {
  const all = patterns();

  test('are those of the primitive types', () => {
    expect(all).toHaveLength(12);
  });

  test.each(all)('%s is anchored', (pattern) => {
    expect(pattern).toMatch(/^\^[^|]*.*\$$/);
    // A `|` at the top level would leave one of the anchors out.
    expect(
      pattern.replaceAll(/\[[^\]]*\]/g, '').replaceAll(/\((?:[^()]|\((?:[^()]|\([^()]*\))*\))*\)/g, ''),
    ).not.toContain('|');
  });

  test.each(all)('%s takes linear time', (pattern) => {
    const expression = new RegExp(pattern);
    for (const text of tooLong) expect(typeof expression.test(text)).toBe('boolean');
  });
});

describe('long values of every primitive type', () => {
  const primitives = definitions.elements.type('Extension')?.elements['value']?.types ?? [];
  const types = primitives.filter((type) => definitions.elements.type(type)?.kind === 'primitive');
  const few = ['a', ' ', 'AAAA ', '1.0'].map((piece) => `${piece.repeat(megabyte / piece.length)}\u0000`);

  test.each(types)('%s', (type) => {
    const name = `value${type.charAt(0).toUpperCase()}${type.slice(1)}`;
    for (const text of few) {
      const resource = { resourceType: 'Patient', extension: [{ url: 'http://example.org', [name]: text }] };
      expect(validate(resource)).toHaveLength(1);
    }
  });
});

describe('many faults', () => {
  const many = (value: unknown, count = megabyte): unknown[] => Array.from<unknown>({ length: count }).fill(value);
  const patient = (fields: Readonly<Record<string, unknown>>): Resource => ({ resourceType: 'Patient', ...fields });
  const unknownElements = (): Resource =>
    patient(Object.fromEntries(Array.from({ length: 200_000 }, (_, index) => [`k${index}`, 1])));
  const everywhere = patient({
    name: many({ given: many(1, 1000), x: 1 }, 1000),
    telecom: many({ system: 'x' }, 10_000),
    address: many({ line: many(null, 100) }, 1000),
    contact: many({ name: { given: many('', 500) } }, 500),
  });

  test.each<[string, () => Resource]>([
    ['numbers for strings', () => patient({ name: [{ given: many(1) }] })],
    ['numbers for objects', () => patient({ name: many(1) })],
    ['empty objects', () => patient({ name: many({}) })],
    ['empty lists', () => patient({ name: many({ given: [] }) })],
    ['unknown elements', unknownElements],
    ['faults within faults', () => everywhere],
    ['contained resources without type', () => patient({ contained: many({}) })],
    [
      'contained resources that nothing refers to',
      () => patient({ contained: many({ resourceType: 'Patient' }, 200_000) }),
    ],
    [
      'bad entries',
      () => ({ resourceType: 'Bundle', type: 'batch', entry: many({ resource: { resourceType: 'X' } }, 200_000) }),
    ],
  ])('%s are reported up to 100', (_name, resource) => {
    expect(validate(resource())).toHaveLength(100);
  });

  test('nulls in one list are one fault', () => {
    expect(validate(patient({ name: [{ given: many(null) }] }))).toHaveLength(1);
  });

  test('what is deep is followed as deep as the body may be', () => {
    let extension: object = { url: 'http://example.org', valueString: '' };
    for (let depth = 0; depth < 30; depth += 1) extension = { url: 'http://example.org', extension: [extension] };
    const [issue] = validate(patient({ extension: [extension] }));
    expect(issue?.expression?.[0]).toBe(`Patient${'.extension[0]'.repeat(31)}.value`);
  });
});

describe('valid resources of very many parts', () => {
  const parts = (count: number, part: (index: number) => object): object[] =>
    Array.from({ length: count }, (_, index) => part(index));
  const coding = (index: number): object => ({ system: 'http://a.example', code: `c${index}` });
  const elements = (more: object): object[] => [
    { id: 'Patient', path: 'Patient', ...more },
    ...parts(100_000, (index) => ({
      id: `Patient.name:s${index}`,
      path: 'Patient.name',
      sliceName: `s${index}`,
      ...more,
    })),
  ];
  const structure = (more: object): Resource => ({
    resourceType: 'StructureDefinition',
    url: 'http://a.example/x',
    name: 'X',
    status: 'draft',
    kind: 'resource',
    abstract: false,
    type: 'Patient',
    baseDefinition: 'http://hl7.org/fhir/StructureDefinition/Patient',
    derivation: 'constraint',
    ...more,
  });
  const whole = { definition: 'x', min: 0, max: '*', base: { path: 'x', min: 0, max: '*' } };

  test.each<[string, () => Resource]>([
    ['a differential', () => structure({ differential: { element: elements({}) } })],
    ['a snapshot', () => structure({ snapshot: { element: elements(whole) } })],
    [
      'components and codings',
      () => ({
        resourceType: 'Observation',
        status: 'final',
        code: { coding: parts(50_000, coding) },
        valueString: 'x',
        component: parts(50_000, (index) => ({ code: { coding: [coding(index + 50_000)] } })),
      }),
    ],
    [
      'resources of a guide',
      () => ({
        resourceType: 'ImplementationGuide',
        url: 'http://a.example/x',
        name: 'X',
        status: 'draft',
        packageId: 'a.example',
        fhirVersion: ['4.0.1'],
        definition: {
          grouping: parts(50_000, (index) => ({ id: `g${index}`, name: 'x' })),
          resource: parts(50_000, (index) => ({ reference: { reference: 'Patient/1' }, groupingId: `g${index}` })),
        },
      }),
    ],
  ])('%s', (_what, resource) => {
    expect(validate(resource())).toEqual([]);
  });
});

describe('narratives', () => {
  const div = (content: string): Resource => ({
    resourceType: 'Patient',
    text: { status: 'generated', div: `<div xmlns="http://www.w3.org/1999/xhtml">${content}</div>` },
  });
  const times = (piece: string): string => piece.repeat(megabyte / piece.length);

  test.each<[string, string, boolean]>([
    ['elements', times('<b>a</b>'), true],
    ['entities', times('&amp;'), true],
    ['entities after elements', `${times('<b>a</b>')}&amp;`, true],
    ['comments', `a${times('<!-- a -->')}`, true],
    ['elements that never close', times('<b>'), false],
    ['an open comment', `<!--${times('-')}`, false],
    ['a tag of spaces', `<b${times(' ')}`, false],
    ['a closing tag of spaces', `<b>a</b${times(' ')}x>`, false],
    ['attributes', `<b ${times('id="a" ')}>a</b>`, false],
    ['an open attribute', `<b id="${times('a')}`, false],
    ['open attributes', times('<b id="'), false],
    ['spaces in a style', `<b style="url(a${times(' ')}">a</b>`, false],
    ['urls in a style', `<b style="${times('url(')}">a</b>`, false],
    ['schemes in a link', `<a href="${times('a:')}">a</a>`, false],
    ['ampersands', times('&'), false],
  ])('%s', (_name, content, isValid) => {
    expect(validate(div(content))).toHaveLength(isValid ? 0 : 1);
  });
});
