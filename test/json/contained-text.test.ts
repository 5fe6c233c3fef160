import { describe, expect, test } from '@jest/globals';
import { containedText } from '../../src/json/contained-text.ts';

describe('containedText', () => {
  const text = ' {"containedX":1, "contained" : [ {"a":[1.0]} , {"b":"]}"}],"id":"i"}';

  test.each([
    [0, '{"a":[1.0]}'],
    [1, '{"b":"]}"}'],
    [2, undefined],
  ])('place %i', (place, expected) => {
    expect(containedText(text, place)).toBe(expected);
  });

  test('of a resource that contains none', () => {
    expect(containedText('{"id":"i"}', 0)).toBeUndefined();
  });
});
