import { describe, expect, it, test } from '@jest/globals';
import fc from 'fast-check';
import { readDocument } from '../../src/json/read-document.ts';
import { readResource } from '../../src/json/read-resource.ts';

/** What the full scan makes of a text: the resource, or its issues. */
function expected(text: string): unknown {
  const document = readDocument(text);
  return 'resource' in document ? document.resource : document;
}

const texts: readonly (readonly [what: string, text: string])[] = [
  ['a resource', '{"resourceType":"Patient","active":true}'],
  ['a key twice', '{"resourceType":"Patient","id":"a","id":"b"}'],
  ['a key twice, deep', '{"resourceType":"Patient","name":[{"family":"a","family":"b"}]}'],
  ['a key twice, once with a space before its colon', '{"resourceType":"Patient","id" :"a","id":"b"}'],
  ['a key twice, once with an escape', '{"resourceType":"Patient","id":"a","\\u0069d":"b"}'],
  ['a string that looks like a key', '{"resourceType":"Patient","id":"a\\":b"}'],
  ['a key twice and a string that looks like a key', '{"resourceType":"Patient","id" :"a","id":"b\\":"}'],
  ['half a surrogate pair', '{"resourceType":"Patient","id":"\\ud800"}'],
  ['U+0000', '{"resourceType":"Patient","id":"\\u0000"}'],
  ['a huge exponent', '{"resourceType":"Patient","a":1e400}'],
  ['a huge exponent after spaces', '{"resourceType":"Patient","a":   1e400}'],
  ['a huge exponent in an array', '{"resourceType":"Patient","a":[1, -1e-400]}'],
  ['a huge number', `{"resourceType":"Patient","a":${'1'.repeat(301)}}`],
  ['a huge number after a line feed', `{"resourceType":"Patient","a":\n  ${'1'.repeat(301)}}`],
  ['a leading zero', '{"resourceType":"Patient","a":01}'],
  ['65 levels', `${'{"resourceType":"Patient","a":'.repeat(65)}1${'}'.repeat(65)}`],
  ['64 levels', `${'{"resourceType":"Patient","a":'.repeat(64)}1${'}'.repeat(64)}`],
  ['65 levels of arrays', `{"resourceType":"Patient","a":${'['.repeat(64)}${']'.repeat(64)}}`],
  ['__proto__', '{"resourceType":"Patient","__proto__":{"a":1}}'],
  ['no object', '[1]'],
  ['no type', '{"id":"a"}'],
  ['a type that is no text', '{"resourceType":1}'],
  ['nothing', ''],
  ['no end', '{"resourceType":"Patient"'],
  ['more than an end', '{"resourceType":"Patient"}}'],
];

describe('readResource', () => {
  test.each(texts)('agrees with the full scan on %s', (_what, text) => {
    expect(readResource(text)).toEqual(expected(text));
  });

  it('agrees with the full scan on any JSON', () => {
    const key = fc.constantFrom('a', 'b', '"', ':', '":', 'é', '__proto__');
    const { object } = fc.letrec((tie) => ({
      value: fc.oneof(fc.string(), fc.double(), fc.integer(), fc.constant(null), tie('object'), tie('list')),
      list: fc.array(tie('value'), { maxLength: 3 }),
      object: fc
        .array(fc.tuple(key, tie('value')), { maxLength: 5 })
        .map(
          (members) =>
            new Written(`{${members.map(([name, value]) => `${JSON.stringify(name)}:${write(value)}`).join()}}`),
        ),
    }));
    fc.assert(
      fc.property(object, (value) => {
        const text = `{"resourceType":"Patient","extension":${write(value)}}`;
        expect(readResource(text)).toEqual(expected(text));
      }),
    );
  });
});

/** JSON that JSON.stringify would not write, such as an object with a key twice. */
class Written {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

function write(value: unknown): string {
  if (value instanceof Written) return value.text;
  if (Array.isArray(value)) return `[${value.map(write).join(',')}]`;
  return JSON.stringify(value) ?? 'null';
}
