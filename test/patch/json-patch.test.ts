import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { FhirError } from '../../src/fhir/fhir-error.ts';
import { applyJsonPatch } from '../../src/patch/json-patch.ts';

const patient =
  '{"resourceType":"Patient","id":"1","meta":{"versionId":"1","lastUpdated":"x","tag":[]},"name":[{"given":["A","B"]}],"multipleBirthInteger":2.0}';

const apply = (operations: unknown, text = patient): unknown =>
  JSON.parse(applyJsonPatch(text, JSON.stringify(operations)));
const base = JSON.parse(patient) as Record<string, unknown>;

function refusalOf(run: () => unknown): { status: number; diagnostics: string } {
  try {
    run();
  } catch (cause) {
    if (cause instanceof FhirError) return { status: cause.status, diagnostics: cause.message };
    throw cause;
  }
  throw new Error('It was not refused');
}

describe('applyJsonPatch', () => {
  test.each<[string, readonly object[], object]>([
    ['does nothing without operations', [], {}],
    ['adds a member', [{ op: 'add', path: '/active', value: true }], { active: true }],
    ['replaces what add finds', [{ op: 'add', path: '/multipleBirthInteger', value: 3 }], { multipleBirthInteger: 3 }],
    ['adds null', [{ op: 'add', path: '/active', value: null }], { active: null }],
    [
      'inserts into an array',
      [{ op: 'add', path: '/name/0/given/1', value: 'X' }],
      { name: [{ given: ['A', 'X', 'B'] }] },
    ],
    [
      'adds at the end by index',
      [{ op: 'add', path: '/name/0/given/2', value: 'X' }],
      { name: [{ given: ['A', 'B', 'X'] }] },
    ],
    [
      'adds at the end by -',
      [{ op: 'add', path: '/name/0/given/-', value: 'X' }],
      { name: [{ given: ['A', 'B', 'X'] }] },
    ],
    ['removes an item', [{ op: 'remove', path: '/name/0/given/0' }], { name: [{ given: ['B'] }] }],
    ['leaves an empty array', [{ op: 'remove', path: '/name/0' }], { name: [] }],
    ['replaces an item', [{ op: 'replace', path: '/name/0/given/1', value: 'X' }], { name: [{ given: ['A', 'X'] }] }],
    [
      'moves within an array',
      [{ op: 'move', from: '/name/0/given/1', path: '/name/0/given/0' }],
      { name: [{ given: ['B', 'A'] }] },
    ],
    ['moves onto itself', [{ op: 'move', from: '/name', path: '/name' }], {}],
    [
      'copies deeply',
      [
        { op: 'copy', from: '/name/0', path: '/name/-' },
        { op: 'remove', path: '/name/1/given/0' },
      ],
      { name: [{ given: ['A', 'B'] }, { given: ['B'] }] },
    ],
    [
      'reads ~1 and ~0',
      [
        { op: 'add', path: '/a~1b~0c~01', value: 1 },
        { op: 'test', path: '/a~1b~0c~01', value: 1 },
      ],
      { 'a/b~c~1': 1 },
    ],
    ['knows the empty key', [{ op: 'add', path: '/', value: 1 }], { '': 1 }],
    [
      'ignores members that it does not know',
      [{ op: 'add', path: '/active', value: true, from: 7, x: 1 }],
      { active: true },
    ],
    ['tests numbers by value', [{ op: 'test', path: '/multipleBirthInteger', value: 2 }], {}],
    [
      'tests identity',
      [
        { op: 'test', path: '/id', value: '1' },
        { op: 'test', path: '/meta/versionId', value: '1' },
      ],
      {},
    ],
    ['tests the whole', [{ op: 'test', path: '', value: base }], {}],
    ['copies the id', [{ op: 'copy', from: '/id', path: '/name/0/id' }], { name: [{ given: ['A', 'B'], id: '1' }] }],
    [
      'replaces the whole when it stays the same resource',
      [{ op: 'replace', path: '', value: { ...base, active: true } }],
      { active: true },
    ],
  ])('%s', (_name, operations, changes) => {
    expect(apply(operations)).toEqual({ ...base, ...changes });
  });

  test('keeps the writing of numbers, old and new', () => {
    const text = '{"resourceType":"Observation","a":1.00,"b":12345678901234567890,"c":[1e2]}';
    const patched = applyJsonPatch(
      text,
      '[{"op":"add","path":"/d","value":{"x":2.50}},{"op":"move","from":"/a","path":"/c/0"}]',
    );
    expect(patched).toBe('{"resourceType":"Observation","b":12345678901234567890,"c":[1.00,1e2],"d":{"x":2.50}}');
  });

  test('keeps the place of what it replaces', () => {
    expect(applyJsonPatch('{"a":1,"b":2}', '[{"op":"replace","path":"/a","value":3}]')).toBe('{"a":3,"b":2}');
  });

  test('takes __proto__ and constructor for names', () => {
    const patched = applyJsonPatch('{"a":1}', '[{"op":"add","path":"/__proto__","value":{"admin":true}}]');
    expect(patched).toBe('{"a":1,"__proto__":{"admin":true}}');
    expect('admin' in {}).toBe(false);
    for (const path of ['/__proto__/admin', '/constructor/prototype/admin', '/a/length', '/toString']) {
      expect(refusalOf(() => apply([{ op: 'replace', path, value: 1 }], '{"a":[1]}')).status).toBe(422);
    }
  });
});

describe('applyJsonPatch refuses as malformed (400)', () => {
  test.each<[string, unknown]>([
    ['no object', 7],
    ['an array', []],
    ['no op', { path: '/a' }],
    ['an unknown op', { op: 'merge', path: '/a' }],
    ['an op by prototype', { op: 'constructor', path: '/a' }],
    ['no path', { op: 'remove' }],
    ['a path that is no string', { op: 'remove', path: 1 }],
    ['a path without a slash', { op: 'remove', path: 'name' }],
    ['a bad escape', { op: 'remove', path: '/a~2' }],
    ['a tilde at the end', { op: 'remove', path: '/a~' }],
    ['add without value', { op: 'add', path: '/a' }],
    ['replace without value', { op: 'replace', path: '/name' }],
    ['test without value', { op: 'test', path: '/name' }],
    ['move without from', { op: 'move', path: '/a' }],
    ['copy with a bad from', { op: 'copy', from: 'x', path: '/a' }],
    ['a path beyond all depth', { op: 'remove', path: '/a'.repeat(65) }],
  ])('%s', (_name, operation) => {
    const { status, diagnostics } = refusalOf(() => apply([{ op: 'add', path: '/active', value: true }, operation]));
    expect(status).toBe(400);
    expect(diagnostics).toMatch(/^patch\[1\]: /);
  });

  test.each(['', '{}', '"x"', '[', '[{"op":"remove","op":"add","path":"/a"}]', '['.repeat(100_000)])(
    'the patch %#',
    (patch) => {
      expect(refusalOf(() => applyJsonPatch(patient, patch)).status).toBe(400);
    },
  );
});

describe('applyJsonPatch refuses what cannot be applied (422)', () => {
  test.each<[string, object]>([
    ['a missing member', { op: 'remove', path: '/active' }],
    ['a missing member to replace', { op: 'replace', path: '/active', value: true }],
    ['a missing parent', { op: 'add', path: '/contact/name', value: 1 }],
    ['a missing source', { op: 'move', from: '/active', path: '/x' }],
    ['a missing source of a copy', { op: 'copy', from: '/active', path: '/x' }],
    ['a missing member to test', { op: 'test', path: '/active', value: null }],
    ['a failing test', { op: 'test', path: '/name/0/given/0', value: 'B' }],
    ['a test of another type', { op: 'test', path: '/multipleBirthInteger', value: '2' }],
    ['an index beyond the end', { op: 'add', path: '/name/0/given/3', value: 'X' }],
    ['an index at the end to remove', { op: 'remove', path: '/name/0/given/2' }],
    ['an index with a leading zero', { op: 'add', path: '/name/0/given/01', value: 'X' }],
    ['a negative index', { op: 'remove', path: '/name/0/given/-1' }],
    ['an index that is no number', { op: 'add', path: '/name/0/given/x', value: 'X' }],
    ['an index with an exponent', { op: 'remove', path: '/name/0/given/1e0' }],
    ['a huge index', { op: 'add', path: '/name/99999999999999999999', value: 'X' }],
    ['- to remove', { op: 'remove', path: '/name/-' }],
    ['- to replace', { op: 'replace', path: '/name/-', value: {} }],
    ['- to test', { op: 'test', path: '/name/-', value: {} }],
    ['a path into a string', { op: 'add', path: '/name/0/given/0/x', value: 1 }],
    ['a path into a number', { op: 'remove', path: '/multipleBirthInteger/0' }],
    ['a move into itself', { op: 'move', from: '/name', path: '/name/0' }],
    ['the removal of the whole', { op: 'remove', path: '' }],
    ['the id', { op: 'replace', path: '/id', value: '2' }],
    ['the id, removed', { op: 'remove', path: '/id' }],
    ['the id, moved', { op: 'move', from: '/id', path: '/x' }],
    ['the id, copied over', { op: 'copy', from: '/meta/versionId', path: '/id' }],
    ['the type', { op: 'add', path: '/resourceType', value: 'Person' }],
    ['the version', { op: 'replace', path: '/meta/versionId', value: '9' }],
    ['the time', { op: 'remove', path: '/meta/lastUpdated' }],
    ['another whole', { op: 'replace', path: '', value: { resourceType: 'Patient', id: '2' } }],
    ['a whole that is no resource', { op: 'add', path: '', value: [] }],
    ['a whole that was copied', { op: 'copy', from: '/name', path: '' }],
  ])('%s', (_name, operation) => {
    const { status, diagnostics } = refusalOf(() => apply([{ op: 'add', path: '/active2', value: true }, operation]));
    expect(status).toBe(422);
    expect(diagnostics).toMatch(/^patch\[1\]: /);
  });

  test('without a word of the values', () => {
    const { diagnostics } = refusalOf(() => apply([{ op: 'test', path: '/name/0/given/0', value: 'Secret' }]));
    expect(diagnostics).toBe('patch[0]: the test failed');
  });
});

describe('applyJsonPatch bounds the work', () => {
  test('of copies that double', () => {
    const doubling = Array.from({ length: 60 }, () => ({ op: 'copy', from: '/name', path: '/name/-' }));
    expect(refusalOf(() => apply(doubling)).status).toBe(413);
  });

  test('of moves that nest', () => {
    const levels = Array.from({ length: 500 }, (_none, index) => [`a${index}`, {}] as const);
    const moves = levels
      .slice(1)
      .map((_level, index) => ({ op: 'move', from: `/a${index}`, path: `/a${index + 1}/x` }));
    const text = JSON.stringify({ resourceType: 'Patient', ...Object.fromEntries(levels) });
    expect(refusalOf(() => apply(moves, text)).status).toBe(413);
    expect(refusalOf(() => apply([...moves, { op: 'copy', from: '/a499', path: '/b' }], text)).status).toBe(413);
  });

  test('of shifts in long arrays', () => {
    const inserts = Array.from({ length: 1000 }, () => ({ op: 'add', path: '/a/0', value: 1 }));
    const text = (length: number) => JSON.stringify({ resourceType: 'Patient', a: Array.from({ length }, () => 0) });
    expect(refusalOf(() => apply(inserts, text(200_000))).status).toBe(413);
    expect(apply(inserts, text(10_000))).toHaveProperty('a.length', 11_000);
  });

  test('of too many operations', () => {
    const tests = Array.from({ length: 1001 }, () => ({ op: 'test', path: '/id', value: '1' }));
    expect(refusalOf(() => apply(tests)).status).toBe(413);
    expect(apply(tests.slice(1))).toEqual(base);
  });
});

describe('properties', () => {
  const key = fc.stringMatching(/^[a-c/~]{1,3}$/);
  const tree = fc.dictionary(key, fc.jsonValue({ maxDepth: 2 }), { noNullPrototype: true });
  const escape = (name: string): string => name.replaceAll('~', '~0').replaceAll('/', '~1');
  const isClean = (value: unknown): boolean => !/\\u(?:0000|d[89a-f])|e[+-]?3\d\d/.test(JSON.stringify(value));

  test('what is added can be tested and removed, and all else stays', () => {
    fc.assert(
      fc.property(tree, key, fc.jsonValue({ maxDepth: 3 }), (resource, name, value) => {
        fc.pre(isClean(resource) && isClean(value));
        const path = `/${escape(name)}`;
        const { [name]: _gone, ...rest } = JSON.parse(JSON.stringify(resource)) as Record<string, unknown>;
        const text = JSON.stringify(resource);
        expect(
          apply(
            [
              { op: 'add', path, value },
              { op: 'test', path, value },
              { op: 'remove', path },
            ],
            text,
          ),
        ).toEqual(rest);
      }),
    );
  });

  test('a move there and back changes no value', () => {
    fc.assert(
      fc.property(tree, key, (resource, name) => {
        fc.pre(isClean(resource));
        const plain = JSON.parse(JSON.stringify({ ...resource, [name]: 1 })) as unknown;
        const there = { op: 'move', from: `/${escape(name)}`, path: '/z' };
        const back = { op: 'move', from: '/z', path: `/${escape(name)}` };
        expect(apply([there, back], JSON.stringify(plain))).toEqual(plain);
      }),
    );
  });
});
