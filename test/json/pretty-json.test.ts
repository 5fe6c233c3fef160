import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { prettyJson } from '../../src/json/pretty-json.ts';

describe('prettyJson', () => {
  test.each([
    [
      '{"a":[1.00,{"b":"\\u00e9,{["}],"c":{},"d":[ ]}',
      '{\n  "a": [\n    1.00,\n    {\n      "b": "\\u00e9,{["\n    }\n  ],\n  "c": {},\n  "d": []\n}',
    ],
    [' { } ', '{}'],
    ['1e5', '1e5'],
    ['"a\\"b"', '"a\\"b"'],
  ])('%s', (text, expected) => {
    expect(prettyJson(text)).toBe(expected);
  });

  test('writes as JSON.stringify does, whatever the white space was', () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 5 }), fc.constantFrom(undefined, 1, '\t'), (value, indent) => {
        const compact = JSON.stringify(value);
        expect(prettyJson(JSON.stringify(value, undefined, indent))).toBe(
          JSON.stringify(JSON.parse(compact), undefined, 2),
        );
      }),
    );
  });
});
