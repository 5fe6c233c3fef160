import { describe, expect, test } from '@jest/globals';
import { findExpression } from '../../src/json/find-expression.ts';
import { locate } from '../../src/json/locate.ts';

describe('locate', () => {
  test.each([
    ['', 0, 1, 1],
    ['abc', 2, 1, 3],
    ['a\nb', 1, 1, 2],
    ['a\nb', 2, 2, 1],
    ['a\r\n\r\nb', 5, 3, 1],
    ['\n\n', 2, 3, 1],
  ])('%j at %i', (text, offset, line, column) => {
    expect(locate(text, offset)).toEqual({ line, column });
  });
});

describe('findExpression', () => {
  const text = ` {"resourceType":"Patient", "name" : [ {"given":["A","B"]}, {"fam\\u0069ly":"C"} ],
    "deceasedBoolean":true,"multipleBirthInteger":2,"multiple":0,"contact":{"a":1},"_birthDate":{"id":"x"},
    "gender":"male","_gender":{"extension":[{"url":"u"}]},"_valueString":{"extension":[1]}} `;

  test.each([
    ['Patient', text.trim()],
    ['Patient.resourceType', '"Patient"'],
    ['Patient.name[0].given[1]', '"B"'],
    ['Patient.name[0].given', '["A","B"]'],
    ['Patient.name[1].family', '"C"'],
    ['Patient.deceased', 'true'],
    ['Patient.deceasedBoolean', 'true'],
    ['Patient.deceased.ofType(boolean)', 'true'],
    ['Patient.multiple', '0'],
    ['Patient.multipleBirth', '2'],
    ['Patient.contact[0].a', '1'],
    ['Patient._birthDate.id', '"x"'],
    ['Patient.birthDate', '{"id":"x"}'],
    ['Patient.gender', '"male"'],
    ['Patient.gender.extension[0].url', '"u"'],
    ['Patient.value.extension[0]', '1'],
  ])('finds %s', (expression, expected) => {
    const span = findExpression(text, expression);
    expect(span && text.slice(span.start, span.end)).toBe(expected);
  });

  test.each([
    'Patient.nothing',
    'Patient.name[2]',
    'Patient.name[0].given[5]',
    'Patient.name[0].family',
    'Patient.name.given',
    'Patient.contact[1]',
    'Patient.deceased.ofType(dateTime)',
    "Patient.name.where(use = 'official')",
    'Patient.',
    'Patient.deceasedBool',
  ])('does not find %s', (expression) => {
    expect(findExpression(text, expression)).toBeUndefined();
  });
});
