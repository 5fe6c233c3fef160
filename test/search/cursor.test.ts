import { describe, expect, test } from '@jest/globals';
import { type CursorScope, openCursor, pageOf, sealCursor } from '../../src/search/cursor.ts';
import type { SearchRow } from '../../src/search-ports.ts';
import { FhirError } from '../../src/fhir/fhir-error.ts';

const scope: CursorScope = {
  types: ['Patient'],
  sort: [{ code: '_lastUpdated', parameterType: 'date', descending: true, isSingle: true }],
  applied: [
    ['family', 'Sm,ith'],
    ['_count', '20'],
  ],
};
const position = { isBackward: false, resourceKey: '-9007199254740993', values: ['2026-01-01T00:00:00.000Z', null] };
const sealed = sealCursor(position, scope, 'secret');

describe('openCursor', () => {
  test('gives back what was sealed', () => {
    expect(openCursor(sealed, scope, 'secret')).toEqual(position);
  });

  test('does not mind another page size, includes or formats', () => {
    const applied = [
      ['_format', 'json'],
      ['family', 'Sm,ith'],
      ['_count', '5'],
      ['_include', 'Patient:organization'],
    ] as const;
    expect(openCursor(sealed, { ...scope, applied }, 'secret')).toEqual(position);
  });

  const others: readonly (readonly [string, string, CursorScope, string])[] = [
    ['another secret', sealed, scope, 'other'],
    ['another type', sealed, { ...scope, types: ['Person'] }, 'secret'],
    ['another order', sealed, { ...scope, sort: [] }, 'secret'],
    ['other criteria', sealed, { ...scope, applied: [['family', 'Smith']] }, 'secret'],
    ['another modifier', sealed, { ...scope, applied: [['family:exact', 'Sm,ith']] }, 'secret'],
    ['no criteria', sealed, { ...scope, applied: [] }, 'secret'],
    ['no text', '', scope, 'secret'],
    ['too short a text', sealed.slice(0, 20), scope, 'secret'],
    ['a text that is cut', sealed.slice(0, -2), scope, 'secret'],
    ['a text with more', `${sealed}AAAA`, scope, 'secret'],
    ['no base64', '%%%', scope, 'secret'],
  ];
  test.each(others)('refuses it with %s', (_what, text, other, secret) => {
    expect(() => openCursor(text, other, secret)).toThrow(FhirError);
  });

  test('refuses every change of a byte, naming the parameter', () => {
    const bytes = Buffer.from(sealed, 'base64url');
    for (const index of bytes.keys()) {
      const changed = Buffer.from(bytes);
      changed[index] = (changed[index] ?? 0) ^ 1;
      expect(() => openCursor(changed.toString('base64url'), scope, 'secret')).toThrow(
        expect.objectContaining({ status: 400, issues: [expect.objectContaining({ expression: ['http._cursor'] })] }),
      );
    }
  });
});

describe('sealCursor', () => {
  test('shows nothing of the position, and the same position the same', () => {
    expect(sealed).toMatch(/^[\w-]{60,200}$/);
    expect(Buffer.from(sealed, 'base64url').toString('latin1')).not.toContain('2026');
    expect(sealCursor(position, scope, 'secret')).toBe(sealed);
  });
});

describe('pageOf', () => {
  const rows = ['3', '2', '1'].map((key) => ({ resourceKey: key, position: [key] }) as unknown as SearchRow);
  const query = { ...scope, count: 2 };
  const open = (cursor: string | undefined) => openCursor(cursor ?? '', scope, 'secret');

  test('leads on from the last match of a page that others follow', () => {
    const { matches, next, previous } = pageOf(query, rows, 'secret');
    expect(matches.map(({ resourceKey }) => resourceKey)).toEqual(['3', '2']);
    expect(open(next)).toEqual({ isBackward: false, resourceKey: '2', values: ['2'] });
    expect(previous).toBeUndefined();
  });

  test('leads nowhere after the last page', () => {
    expect(pageOf({ ...scope, count: 3 }, rows, 'secret').next).toBeUndefined();
    expect(pageOf({ ...scope, count: 3 }, [], 'secret').next).toBeUndefined();
  });

  test('leads back from any page but the first', () => {
    const { next } = pageOf(query, rows, 'secret');
    const { previous } = pageOf({ ...query, cursor: next ?? '' }, rows.slice(2), 'secret');
    expect(open(previous)).toEqual({ isBackward: true, resourceKey: '1', values: ['1'] });
  });

  test('turns what was read backward the right way round', () => {
    const cursor = sealCursor({ isBackward: true, resourceKey: '0', values: ['0'] }, scope, 'secret');
    const page = pageOf({ ...query, cursor }, rows.toReversed(), 'secret');
    expect(page.matches.map(({ resourceKey }) => resourceKey)).toEqual(['2', '1']);
    expect(open(page.previous)).toEqual({ isBackward: true, resourceKey: '2', values: ['2'] });
    expect(open(page.next)).toEqual({ isBackward: false, resourceKey: '1', values: ['1'] });
  });
});
