import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { Match } from '../../../src/search/match.ts';
import { parseSearch } from '../../../src/search/parse-search.ts';
import { wordKeysOf } from '../../../src/search/words/index-words.ts';
import { narrativeOf, textOfXhtml, visitProse } from '../../../src/search/words/prose.ts';
import { wordsOf } from '../../../src/search/words/words.ts';
import { scope } from '../scope.ts';

const wordsIn = (xhtml: string): readonly string[] => wordsOf(textOfXhtml(xhtml));

function proseOf(resource: object): readonly string[] {
  const texts: string[] = [];
  visitProse(resource, (text) => texts.push(text));
  return texts;
}

test.each([
  ['Heart failure', ['heart', 'failure']],
  ['  Müller-Lüdenscheidt, ÉMILE ', ['muller', 'ludenscheidt', 'emile']],
  ["patient's (left) 8867-4", ['patient', 's', 'left', '8867', '4']],
  ['Straße STRASSE', ['strasse', 'strasse']],
  ['Ḥøst œuvre', ['host', 'oeuvre']],
  ['北京 हिन्दी', ['北京', 'हिन्दी']],
  ['… — !', []],
  ['a'.repeat(100), ['a'.repeat(64)]],
])('words of %j', (text, words) => {
  expect(wordsOf(text)).toEqual(words);
});

test('a longer word of a search finds the longer word', () => {
  expect(wordsOf('b'.repeat(500))).toEqual(wordsOf('b'.repeat(64)));
});

test.each([
  ['<div xmlns="http://www.w3.org/1999/xhtml"><p>Chest</p><p>pain</p></div>', ['chest', 'pain']],
  ['<div><b>H</b>eart<br/>rate</div>', ['heart', 'rate']],
  ['<table><tr><td>one</td><td>two</td></tr></table>', ['one', 'two']],
  ['<span title="hidden">seen</span>', ['seen']],
  ['caf&#233; caf&#xE9; R&amp;D a&nbsp;b &unknown; &#99999999;', ['cafe', 'cafe', 'r', 'd', 'a', 'b', '99999999']],
  ['a &lt;b&gt; c', ['a', 'b', 'c']],
])('words of the narrative %j', (xhtml, words) => {
  expect(wordsIn(xhtml)).toEqual(words);
});

test.each([['<'], ['&'], ['&#'], ['<a '], ['&x'], [' \u0000']])('a megabyte of %j is read once', (piece) => {
  expect(textOfXhtml(piece.repeat(500_000)).length).toBeGreaterThan(0);
});

test('what is prose', () => {
  const resource = {
    resourceType: 'Observation',
    id: 'no-id',
    meta: { profile: ['http://example.org/no'], lastUpdated: '2020-01-01T10:00:00.000Z' },
    text: { status: 'generated', div: '<div>Narrative <i>here</i></div>' },
    contained: [{ resourceType: 'Patient', id: 'p', name: [{ family: 'Inside' }] }],
    code: { coding: [{ system: 'http://loinc.org', code: '8867-4', display: 'Heart rate' }] },
    subject: { reference: 'Patient/no', display: 'Ann' },
    identifier: [{ system: 'urn:oid:1.2.3', value: 'A: 17' }],
    effectiveDateTime: '2020-01',
    valueAttachment: { contentType: 'text/plain', data: 'bm8=' },
    note: [{ text: 'x'.repeat(201) }, { text: `${'y'.repeat(201)} z` }],
    valueInteger: 5,
    _status: null,
  };
  expect(proseOf(resource)).toEqual([
    'generated',
    ' Narrative here ',
    'Inside',
    '8867-4',
    'Heart rate',
    'Ann',
    'A: 17',
    'text/plain',
    `${'y'.repeat(201)} z`,
  ]);
  expect(narrativeOf(resource)).toBe(' Narrative here ');
});

describe('keys', () => {
  const hash = (text: string): string => text.replaceAll('\0', ' ');
  const resource = {
    resourceType: 'Basic',
    text: { status: 'generated', div: '<div>One one</div>' },
    code: { text: 'Two' },
  };

  test.each([
    ['off', []],
    ['text', ['word parameter|Basic|_text one']],
    [
      'content',
      ['_text one', '_content generated', '_content one', '_content two'].map((end) => `word parameter|Basic|${end}`),
    ],
  ] as const)('%s', (level, keys) => {
    expect([...wordKeysOf(resource, { name: resource.resourceType, hash, level })]).toEqual(keys);
  });
});

const parse = (query: string, fullText: 'off' | 'text' | 'content' = 'content') =>
  parseSearch({
    types: ['Patient'],
    parameters: [...new URLSearchParams(query)],
    handling: 'lenient',
    scope: { ...scope, fullText },
  });

describe('searches', () => {
  test('are words, commas between alternatives', () => {
    const [condition] = parse('_text=Heart FAILURE heart,caf\u00e9\\,bar').criteria;
    const match: Match = {
      kind: 'words',
      alternatives: [
        ['heart', 'failure'],
        ['cafe', 'bar'],
      ],
    };
    expect(condition).toMatchObject({ kind: 'parameter', code: '_text', match });
  });

  test.each([
    ['_text="heart failure"', 'phrases'],
    ['_text=heart*', 'wildcards'],
    ['_text=heart OR lung', 'operators'],
    ['_content=NOT heart', 'operators'],
    ['_content=...', 'one word or several'],
    ['_text:exact=heart', 'no modifiers'],
    ['_text:missing=true', 'no modifiers'],
    ['_sort=_text', 'no order'],
    [`_text=${Array.from({ length: 51 }, (_, index) => `w${index}`).join('+')}`, 'at most 50 words'],
  ])('%s is refused', (query, reason) => {
    expect(() => parse(query)).toThrow(reason);
  });

  test.each([
    ['_text=x', 'off'],
    ['_content=x', 'off'],
    ['_content=x', 'text'],
  ] as const)('%s is refused when %s is indexed, however lenient', (query, level) => {
    expect(() => parse(query, level)).toThrow('VESTA_FULL_TEXT');
  });
});

test('each word of a text is found by that text, whatever is around', () => {
  fc.assert(
    fc.property(
      fc.array(fc.string({ unit: 'grapheme', minLength: 1 })),
      fc.string({ unit: 'grapheme' }),
      (parts, text) => {
        const around = new Set(wordsOf([...parts, text, ...parts].join(' ')));
        expect(wordsOf(text).filter((word) => !around.has(word))).toEqual([]);
      },
    ),
  );
});
