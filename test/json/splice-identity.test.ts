import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { entryDocument } from '../../src/json/entry-document.ts';
import { parseLossless } from '../../src/json/lossless.ts';
import { spliceIdentity } from '../../src/json/splice-identity.ts';
import { documentOf } from './documents.ts';

const identity = { id: 'new', versionId: '2', lastUpdated: '2024-01-01T00:00:00.000Z' };
const meta = '{"versionId":"2","lastUpdated":"2024-01-01T00:00:00.000Z"}';

describe('spliceIdentity', () => {
  test.each([
    ['inserts all', '{"resourceType":"Patient"}', `{"resourceType":"Patient","id":"new","meta":${meta}}`],
    [
      'inserts after resourceType wherever it is',
      '{"a":1.00, "resourceType" : "Patient" , "b":[]}',
      `{"a":1.00, "resourceType" : "Patient","id":"new","meta":${meta} , "b":[]}`,
    ],
    [
      'replaces the id and inserts meta after it',
      '{"id" : "old","resourceType":"Patient"}',
      `{"id" : "new","meta":${meta},"resourceType":"Patient"}`,
    ],
    [
      'replaces everything, in any order',
      '{"meta":{"lastUpdated":null,"versionId":1},"id":9,"resourceType":"Patient"}',
      '{"meta":{"lastUpdated":"2024-01-01T00:00:00.000Z","versionId":"2"},"id":"new","resourceType":"Patient"}',
    ],
    [
      'fills an empty meta',
      '{"resourceType":"Patient","meta":{ }}',
      `{"resourceType":"Patient","id":"new","meta":${meta}}`,
    ],
    [
      'replaces a meta that is no object',
      '{"resourceType":"Patient","meta":null}',
      `{"resourceType":"Patient","id":"new","meta":${meta}}`,
    ],
    [
      'keeps what else is in meta',
      '{"resourceType":"Patient","meta":{ "tag":[{"code":"\\u0041"}]}}',
      '{"resourceType":"Patient","id":"new","meta":{"versionId":"2","lastUpdated":"2024-01-01T00:00:00.000Z", "tag":[{"code":"\\u0041"}]}}',
    ],
    [
      'inserts one of the two',
      '{"resourceType":"Patient","id":"a","meta":{"versionId":"1"}}',
      '{"resourceType":"Patient","id":"new","meta":{"lastUpdated":"2024-01-01T00:00:00.000Z","versionId":"2"}}',
    ],
    [
      'reads escaped keys',
      '{"resourceType":"Patient","\\u0069d":"a","m\\u0065ta":{"versionI\\u0064":"1","lastUpdated":"x"}}',
      '{"resourceType":"Patient","\\u0069d":"new","m\\u0065ta":{"versionI\\u0064":"2","lastUpdated":"2024-01-01T00:00:00.000Z"}}',
    ],
    [
      'drops white space around the resource',
      ' {"resourceType":"X","id":"a"}\n',
      `{"resourceType":"X","id":"new","meta":${meta}}`,
    ],
  ])('%s', (_name, text, expected) => {
    expect(spliceIdentity(documentOf(text), identity)).toBe(expected);
  });

  test.each([
    ['{}', `{"id":"new","meta":${meta}}`],
    ['{ }', `{"id":"new","meta":${meta} }`],
    ['{"a":1}', `{"id":"new","meta":${meta},"a":1}`],
  ])('works without a resourceType: %s', (text, expected) => {
    expect(spliceIdentity({ text, outline: { object: { start: 0, end: text.length } } }, identity)).toBe(expected);
  });

  test('works in the middle of a Bundle', () => {
    const text =
      '{"resourceType":"Bundle","id":"b","entry":[{},{"resource":{"resourceType":"Patient","id":"a","x":1.50}}]}';
    const bundle = documentOf(text);
    const outline = bundle.entries?.[1];
    if (!outline) throw new Error('The entry has an outline');
    const expected = `{"resourceType":"Patient","id":"new","meta":${meta},"x":1.50}`;
    expect(spliceIdentity({ text, outline }, identity)).toBe(expected);
    const entry = entryDocument(bundle, 1);
    expect(entry && spliceIdentity(entry, identity)).toBe(expected);
  });

  /** A JSON text with white space, escapes and decimals of its own. */
  const space = fc.stringMatching(/^[ \n\t]{0,2}$/);
  const scalar = fc.constantFrom(
    '1.00',
    '-0',
    '12345678901234567890',
    '"\\u00e9\\/"',
    '"é😀"',
    'null',
    '[ ]',
    '{"id":"no" }',
  );
  const metaText = fc.subarray(['"versionId":"1"', '"lastUpdated" : "x"', '"profile":["a"]', '"source":1.0'], {
    minLength: 0,
  });
  const members = fc
    .record({
      id: fc.option(fc.constantFrom('"id":"a"', '"\\u0069d" : 1', '"id":null'), { nil: undefined }),
      meta: fc.option(fc.tuple(metaText, space), { nil: undefined }),
      others: fc.uniqueArray(fc.tuple(fc.stringMatching(/^[b-h]{1,3}$/), scalar), {
        selector: ([name]) => name,
        maxLength: 6,
      }),
    })
    .map(({ id, meta: own, others }) => [
      '"resourceType":"Patient"',
      ...(id === undefined ? [] : [id]),
      ...(own ? [`"meta":{${own[1]}${own[0].join(',')}}`] : []),
      ...others.map(([name, value]) => `"${name}":${value}`),
    ]);
  const resourceText = members
    .chain((list) => fc.tuple(fc.shuffledSubarray(list, { minLength: list.length, maxLength: list.length }), space))
    .map(([list, gap]) => `{${gap}${list.join(`${gap},${gap}`)}${gap}}`);

  const without = (text: string) => {
    const root = parseLossless(text);
    if (!(root instanceof Map)) throw new Error('A resource is an object');
    const own = root.get('meta');
    const rest = own instanceof Map ? [...own].filter(([name]) => name !== 'versionId' && name !== 'lastUpdated') : [];
    root.delete('id');
    root.delete('meta');
    return { root, rest };
  };

  test('sets the identity and nothing else', () => {
    fc.assert(
      fc.property(resourceText, (text) => {
        const spliced = spliceIdentity(documentOf(text), identity);
        const before = documentOf(text).resource;
        expect(documentOf(spliced).resource).toEqual({
          ...before,
          id: 'new',
          meta: { ...before.meta, versionId: '2', lastUpdated: identity.lastUpdated },
        });
        expect(without(spliced)).toEqual(without(text));
      }),
    );
  });

  test('leaves every byte outside of the identity, and is stable', () => {
    fc.assert(
      fc.property(resourceText, (text) => {
        const once = spliceIdentity(documentOf(text), identity);
        expect(spliceIdentity(documentOf(once), identity)).toBe(once);
        // what was there stays in its order: deleting what was set from both leaves the same characters
        const strip = (one: string) =>
          one
            .replaceAll(/"(?:\\u0069d|id)"\s*:\s*("new"|"a"|1|null)/g, '')
            .replaceAll(/"(versionId|lastUpdated)"\s*:\s*"[^"]*"/g, '')
            .replaceAll(/"meta":\{[\s,]*\}/g, '')
            .replaceAll(/[\s,]/g, '');
        expect(strip(once)).toBe(strip(text));
      }),
    );
  });
});
