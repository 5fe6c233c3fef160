import { expect, test } from '@jest/globals';
import { createCanonicalUnits } from '../../src/search/canonical-quantity.ts';
import { latitudesOf, parseNear } from '../../src/search/near.ts';

const place = { name: 'near', canonicalUnit: createCanonicalUnits() };

test.each([
  ['47.37|8.54|10|km', 47.37, 8.54, 10],
  ['47.37|8.54|10', 47.37, 8.54, 10],
  ['47.37|8.54', 47.37, 8.54, 50],
  ['47.37|8.54||', 47.37, 8.54, 50],
  ['47.37|8.54||km', 47.37, 8.54, 50],
  ['-90|-180|0|km', -90, -180, 0],
  ['+90|180|1500|m', 90, 180, 1.5],
  ['0|0|10|[mi_i]', 0, 0, 16.093_44],
  ['0|0|1|[nmi_i]', 0, 0, 1.852],
  ['0|0|999999999|km', 0, 0, 20_015.114_5],
])('%s', (text, latitude, longitude, kilometres) => {
  expect(parseNear(text, place)).toEqual({ latitude, longitude, kilometres: expect.closeTo(kilometres, 3) });
});

test.each([
  ['', 'latitude'],
  ['47.37', 'longitude'],
  ['47.37|', 'longitude'],
  ['|8.54', 'latitude'],
  ['91|8', 'latitude from -90 to 90'],
  ['8|181', 'longitude from -180 to 180'],
  ['8|-180.000001', 'longitude from -180 to 180'],
  ['1e1|8', 'latitude'],
  ['NaN|8', 'latitude'],
  ['0x10|8', 'latitude'],
  [' 1|8', 'latitude'],
  ['1|8|-5|km', 'distance of 0 or more'],
  ['1|8|far|km', 'distance of 0 or more'],
  ['1|8|5|kg', 'no length of UCUM'],
  ['1|8|5|mi', 'no length of UCUM'],
  ['1|8|5|constructor', 'no length of UCUM'],
  ['1|8|5|km|x', 'no more'],
])('%p is refused', (text, reason) => {
  expect(() => parseNear(text, place)).toThrow(reason);
});

test('the latitudes reach as far as the distance', () => {
  const { south, north } = latitudesOf({ latitude: 10, longitude: 0, kilometres: 111.195 });
  expect(south).toBeCloseTo(9, 3);
  expect(north).toBeCloseTo(11, 3);
});
