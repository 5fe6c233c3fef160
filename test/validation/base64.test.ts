/** Base64 as Node writes it, and everything near it. https://hl7.org/fhir/R4/datatypes.html#base64Binary */
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { isBase64 } from '../../src/validation/base64.ts';

describe('isBase64', () => {
  test('accepts all that is encoded, in lines or not', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 1 }), fc.integer({ min: 1, max: 80 }), (bytes, width) => {
        const text = Buffer.from(bytes).toString('base64');
        expect(isBase64(text)).toBe(true);
        expect(isBase64(text.replaceAll(new RegExp(`.{${width}}`, 'g'), '$&\r\n'))).toBe(true);
      }),
    );
  });

  test('refuses what has one character less', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 1 }), (bytes) => {
        expect(isBase64(Buffer.from(bytes).toString('base64').slice(1))).toBe(false);
      }),
    );
  });

  test.each(['', ' ', 'A===', '====', 'A=AA', 'AA=A', 'AAAA='])('refuses "%s"', (text) => {
    expect(isBase64(text)).toBe(false);
  });
});
