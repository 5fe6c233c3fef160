import { describe, expect, test } from '@jest/globals';
import { type CursorScope, nextCursor, openCursor, sealCursor } from '../../src/search/cursor.ts';
import { FhirError } from '../../src/fhir/fhir-error.ts';

const scope: CursorScope = {
  type: 'Patient',
  sort: '-lastUpdated',
  applied: [
    ['family', 'Sm,ith'],
    ['_count', '20'],
  ],
};
const position = { resourceKey: '-9007199254740993', position: '2026-01-01T00:00:00.000Z' };
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
    ['another type', sealed, { ...scope, type: 'Person' }, 'secret'],
    ['another order', sealed, { ...scope, sort: 'newest' }, 'secret'],
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

describe('nextCursor', () => {
  const rows = ['3', '2', '1'].map((key) => ({ resourceKey: key, position: key }));

  test('is that of the last match of a page that others follow', () => {
    const cursor = nextCursor({ ...scope, count: 2 }, rows, 'secret') ?? '';
    expect(openCursor(cursor, scope, 'secret')).toEqual({ resourceKey: '2', position: '2' });
  });

  test('is none after the last page', () => {
    expect(nextCursor({ ...scope, count: 3 }, rows, 'secret')).toBeUndefined();
    expect(nextCursor({ ...scope, count: 3 }, [], 'secret')).toBeUndefined();
  });
});
