import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { ResourceDocument, Span } from '../../src/json/document.ts';
import { checkJson } from '../../src/json/check-json.ts';
import { readDocument } from '../../src/json/read-document.ts';
import { documentOf } from './documents.ts';

const diagnosticsOf = (text: string): string | undefined => {
  const result = readDocument(text);
  return 'outline' in result ? undefined : result[0]?.diagnostics;
};
const at = ({ text }: ResourceDocument, span: Span | undefined) => span && text.slice(span.start, span.end);

describe('readDocument refuses', () => {
  const resource = (member: string): string => `{"resourceType":"Patient",${member}}`;
  const nested = (levels: number): string => resource(`"a":${'['.repeat(levels)}${']'.repeat(levels)}`);

  test.each([
    ['nothing', '', 'where a value should be (line 1, column 1)'],
    ['white space', ' \n ', 'where a value should be (line 2, column 2)'],
    ['an unterminated object', '{"a":1', 'a comma or a closing brace here (line 1, column 7)'],
    ['an unterminated array', '[1', 'a comma or a closing bracket here'],
    ['an unterminated string', '{"a":"b', 'a string that does not end (line 1, column 6)'],
    ['an unterminated key', '{"a', 'a string that does not end (line 1, column 2)'],
    ['a backslash at the end', '{"a":"\\', 'an unknown escape'],
    ['half an escape at the end', '{"a":"\\u12', 'without four hexadecimal digits'],
    ['a missing colon', '{"a" 1}', 'a colon after a key here (line 1, column 6)'],
    ['a missing value', '{"a":}', 'a value here'],
    ['a trailing comma in an object', '{"a":1,}', 'a key in double quotes here'],
    ['a trailing comma in an array', '[1,]', 'a value here'],
    ['a second value', '{} {}', 'goes on after its end (line 1, column 4)'],
    ['a comment', '{/**/}', 'a key in double quotes'],
    ['single quotes', "{'a':1}", 'a key in double quotes'],
    ['a line feed in a string', '{"a":\n"b\n"}', 'a control character in a string (line 2, column 3)'],
    ['a raw U+0000', '{"a":"\u0000"}', 'a control character in a string'],
    ['a U+0000 after the end', '{}\u0000', 'goes on after its end'],
    ['a no-break space between tokens', '{\u00a0}', 'a key in double quotes'],
    ['an unknown escape', '{"a":"\\x"}', 'an unknown escape'],
    ['a short escape', '{"a":"\\u12g4"}', 'without four hexadecimal digits'],
    ['an escaped U+0000', '{"a":"\\u0000"}', 'the character U+0000'],
    ['a lone high surrogate', '{"a":"\ud800"}', 'half a surrogate pair'],
    ['a lone low surrogate', '{"a":"\udc00"}', 'half a surrogate pair'],
    ['an escaped high surrogate', '{"a":"\\ud83dx"}', 'half a surrogate pair'],
    ['an escaped low surrogate', '{"a":"\\uDE00"}', 'half a surrogate pair'],
    ['two escaped high surrogates', '{"a":"\\ud83d\\ud83d"}', 'half a surrogate pair'],
    ['a surrogate in a key', '{"\\ud83d":1}', 'half a surrogate pair'],
    ['a leading zero', '{"a":01}', 'a leading zero'],
    ['a negative leading zero', '{"a":-012}', 'a leading zero'],
    ['a plus', '{"a":+1}', 'a value here'],
    ['a lone minus', '{"a":-}', 'a digit here'],
    ['a point without digits', '{"a":1.}', 'a digit here'],
    ['a point without a whole part', '{"a":.5}', 'a value here'],
    ['an exponent without digits', '{"a":1e+}', 'a digit here'],
    ['NaN', '{"a":NaN}', 'a value here'],
    ['a half literal', '{"a":tru}', 'a value here'],
    ['a longer literal', '{"a":nullx}', 'a comma or a closing brace'],
    ['a large exponent', '{"a":1e301}', 'exponent is beyond 300'],
    ['a small exponent', '{"a":1e-301}', 'exponent is beyond 300'],
    ['a huge exponent', `{"a":1e${'9'.repeat(100_000)}}`, 'exponent is beyond 300'],
    ['an infinite number', `{"a":${'9'.repeat(250)}e200}`, 'exponent is beyond 300'],
    ['a long number', `{"a":${'9'.repeat(301)}}`, 'more than 300 characters'],
    ['a long fraction', `{"a":0.${'1'.repeat(100_000)}}`, 'more than 300 characters'],
    ['the same key twice', '{"a":1,"b":2,"a":3}', 'the same key twice in one object (line 1, column 14)'],
    ['the same key twice, escaped', '{"id":1,"\\u0069d":2}', 'the same key twice'],
    ['the same key twice, escaped first', '{"\\u0069d":1,"id":2}', 'the same key twice'],
    ['the same key twice, both escaped', '{"\\u0069d":1,"i\\u0064":2}', 'the same key twice'],
    ['the same empty key', '{"":1,"":2}', 'the same key twice'],
    ['the same key twice inside', '{"a":[{"b":{"c":1,"c":2}}]}', 'the same key twice'],
    ['the same key after an object', '{"a":{"b":1},"a":2}', 'the same key twice'],
    ['too much depth', nested(64), 'more than 64 levels deep'],
    ['a million levels', '['.repeat(1_000_000), 'more than 64 levels deep'],
    ['a million objects', '{"a":'.repeat(1_000_000), 'more than 64 levels deep'],
  ])('%s', (_name, text, expected) => {
    expect(diagnosticsOf(text)).toContain(expected);
  });

  test.each(['[]', '"text"', '1', 'null', 'true'])('the root %s', (text) => {
    expect(diagnosticsOf(text)).toBe('A resource is a JSON object');
  });

  test.each(['{}', '{"resourceType":1}', '{"resourceType":null}', '{"ResourceType":"Patient"}'])('%s', (text) => {
    expect(readDocument(text)).toEqual([
      expect.objectContaining({ severity: 'fatal', code: 'structure', expression: ['resourceType'] }),
    ]);
  });

  test('nothing at the limit', () => {
    expect(diagnosticsOf(nested(63))).toBeUndefined();
    expect(diagnosticsOf(resource(`"a":${'9'.repeat(300)}`))).toBeUndefined();
    expect(diagnosticsOf(resource('"a":1e300,"b":1E-300,"c":-0.0e+0'))).toBeUndefined();
  });

  test('nothing of the values is in the diagnostics', () => {
    expect(diagnosticsOf('{"resourceType":"Patient","name":"Secret","name":"Secret"}')).not.toContain('Secret');
  });

  test('a limit of the caller', () => {
    expect(readDocument('{"resourceType":"Patient","a":{}}', { maximumDepth: 1 })).toHaveLength(1);
    expect(readDocument('{"resourceType":"Patient","a":1}', { maximumDepth: 1 })).toHaveProperty('outline');
  });
});

describe('readDocument accepts', () => {
  test.each([
    '{"resourceType":"Patient"}',
    '\t\r\n {"resourceType" : "Patient" , "a" : [ ] , "b" : { } }\n',
    '{"resourceType":"Patient","a":"\\ud83d\\ude00 😀 \\"\\\\\\/\\b\\f\\n\\r\\t\\u00e9"}',
    '{"resourceType":"Patient","a":[{"id":1},{"id":2}],"b":{"id":3},"id":"4"}',
    '{"resourceType":"Patient","a":12345678901234567890.1234567890,"b":-0,"c":1.00}',
    '{"resourceType":"Patient","\u007f":1,"é":2,"":3}',
  ])('%s', (text) => {
    expect(documentOf(text)).toMatchObject({ text, resource: JSON.parse(text) as object });
  });

  test('__proto__ as a name like any other', () => {
    const { resource } = documentOf('{"__proto__":{"admin":true},"constructor":1,"resourceType":"Patient"}');
    expect(Object.hasOwn(resource, '__proto__')).toBe(true);
    expect('admin' in resource).toBe(false);
    expect('admin' in {}).toBe(false);
  });
});

describe('the outline', () => {
  test('has the spans of the identity', () => {
    const document = documentOf(
      ' {"id":"x", "meta" : {"tag":[{"versionId":"no"}],"lastUpdated":"now","versionId":"7"},"resourceType":"Patient"} ',
    );
    const { outline } = document;
    expect(at(document, outline.object)).toBe(document.text.trim());
    expect(at(document, outline.id)).toBe('"x"');
    expect(at(document, outline.resourceType)).toBe('"Patient"');
    expect(at(document, outline.meta?.versionId)).toBe('"7"');
    expect(at(document, outline.meta?.lastUpdated)).toBe('"now"');
    expect(outline.meta?.empty).toBe(false);
    expect(document.entries).toBeUndefined();
  });

  test('knows escaped keys', () => {
    const document = documentOf('{"resourceTyp\\u0065":"Patient","\\u0069d":"x","m\\u0065ta":{"version\\u0049d":"1"}}');
    expect(at(document, document.outline.id)).toBe('"x"');
    expect(at(document, document.outline.meta?.versionId)).toBe('"1"');
  });

  test('ignores what is deeper or elsewhere', () => {
    const { outline } = documentOf('{"resourceType":"Patient","contained":[{"id":"a","meta":{}}],"name":[{"id":"b"}]}');
    expect(outline).toEqual({ object: expect.anything(), resourceType: expect.anything() });
  });

  test.each(['{}', '{ }', 'null', '"text"', '["versionId"]'])('takes meta %s for empty', (meta) => {
    const document = documentOf(`{"resourceType":"Patient","meta":${meta}}`);
    expect(document.outline.meta).toEqual({ value: expect.anything(), empty: true });
    expect(at(document, document.outline.meta?.value)).toBe(meta);
  });

  test('has the entries of a Bundle', () => {
    const document = documentOf(
      '{"entry":[{"resource":{"id":"1","resourceType":"Patient","entry":[{"resource":{"id":"no"}}]}},{},{"fullUrl":"x","resource":{"resourceType":"Group","meta":{"versionId":"2"}}}],"resourceType":"Bundle"}',
    );
    const [first, second, third] = document.entries ?? [];
    expect(document.entries).toHaveLength(3);
    expect(at(document, first?.id)).toBe('"1"');
    expect(second).toBeUndefined();
    expect(at(document, third?.meta?.versionId)).toBe('"2"');
  });

  test('has no entries for other types or other shapes', () => {
    expect(documentOf('{"resourceType":"List","entry":[{}]}').entries).toBeUndefined();
    expect(documentOf('{"resourceType":"Bundle","entry":{"resource":{}}}').entries).toBeUndefined();
  });
});

describe('checkJson', () => {
  /** JSON that may be broken by one change of one character. */
  const almostJson = fc
    .tuple(
      fc.json({ maxDepth: 4 }),
      fc.nat(),
      fc.constantFrom('', ',', ':', '"', '{', '}', '[', ']', '0', '\\', ' ', 'e', '-', '.'),
    )
    .map(([text, position, character]) => {
      const offset = position % (text.length + 1);
      return text.slice(0, offset) + character + text.slice(offset + 1);
    });
  const hygiene = /the same key twice|surrogate|U\+0000|exponent|more than/;

  function parses(text: string): boolean {
    try {
      JSON.parse(text);
      return true;
    } catch {
      return false;
    }
  }

  test('agrees with JSON.parse but for its hygiene', () => {
    fc.assert(
      fc.property(fc.oneof(fc.json(), almostJson, fc.string()), (text) => {
        const issue = checkJson(text);
        if (issue && hygiene.test(issue.diagnostics)) return;
        expect(issue === undefined).toBe(parses(text));
      }),
      { numRuns: 2000 },
    );
  });

  test('finds a repeated key among any number of keys, however they are written', () => {
    const escaped = (name: string): string =>
      name.replaceAll(/[a-z]/g, (letter) => `\\u${letter.charCodeAt(0).toString(16).padStart(4, '0')}`);
    fc.assert(
      fc.property(
        fc.uniqueArray(fc.stringMatching(/^[a-z]{1,6}$/), { minLength: 1, maxLength: 60 }),
        fc.nat(),
        fc.array(fc.boolean(), { minLength: 61, maxLength: 61 }),
        (names, position, isEscaped) => {
          const write = (name: string, index: number) => `"${isEscaped[index] ? escaped(name) : name}":{"a":1}`;
          const repeated = names[position % names.length];
          expect(checkJson(`{${names.map(write).join(',')}}`)).toBeUndefined();
          const issue = checkJson(`{${[...names, repeated ?? ''].map(write).join(',')}}`);
          expect(issue?.diagnostics).toContain('the same key twice');
        },
      ),
    );
  });

  test('survives hostile sizes', () => {
    const key = 'k'.repeat(1_000_000);
    expect(checkJson(`{"${key}":1,"${key}x":2}`)).toBeUndefined();
    expect(checkJson(`{"${key}":1,"${key}":2}`)).toBeDefined();
    const many = Array.from({ length: 200_000 }, (_none, index) => `"a${index}z":0`).join(',');
    expect(checkJson(`{${many}}`)).toBeUndefined();
    expect(checkJson(`{${many},"a0z":0}`)).toBeDefined();
    const alike = Array.from({ length: 100_000 }, (_none, index) => `{"id":${index},"\\u0061":1}`).join(',');
    expect(checkJson(`[${alike}]`)).toBeUndefined();
    expect(checkJson(`["${'\\'.repeat(1_000_001)}"]`)).toBeDefined();
  });
});
