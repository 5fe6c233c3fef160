/** What values of the primitive types may not be. https://hl7.org/fhir/R4/datatypes.html#primitive */

/** Longer than the megabyte that R4 allows a string. */
const tooLong = 'x'.repeat(1_048_577);

const badUris = ['a b', ' http://a.example', 'http://a.example/\n', 'a\u0001'];

const badDates = ['2020-02-30', '2019-02-29', '2020-13', '2020-00-01', '2020-1-1', '20-01-01', '2020-01-01 ', 'today'];

const badMoments = ['2020-02-30T10:00:00Z', '2020-01-01T10:00:00', '2020-01-01T25:00:00Z', '2020-01-01T10:60:00Z'];

/** Of the right JSON type, save where strings and numbers are easily confused. */
export const badValues: Readonly<Record<string, readonly unknown[]>> = {
  base64Binary: ['a', 'aaaaa', '====', 'a===', 'ä', 'aaaa-aaa'],
  boolean: ['true', 'false', 1, 0, 'yes'],
  canonical: badUris,
  code: [' a', 'a ', 'a  b', 'a\tb', 'a\nb'],
  date: [...badDates, '2020-01-01T00:00:00Z'],
  dateTime: [...badDates, ...badMoments, '2020-01-01T10:00', '2020-01-01T10:00Z', '2020-01-01T10:00:00+15:00'],
  decimal: ['1.0', '1', true],
  elementId: ['a b', 'a\tb', ''],
  id: ['a b', 'a_b', 'a/b', 'ä', 'x'.repeat(65)],
  instant: [...badMoments, '2020', '2020-01-01', '2020-01-01T10:00Z', '2020-01-01T10:00:00+1:00'],
  integer: [1.5, '1', 2_147_483_648, -2_147_483_649, 1e300],
  markdown: ['\u0001', '  ', tooLong],
  oid: ['1.2.3', 'urn:oid:3.1', 'urn:oid:1', 'urn:oid:1.02', 'urn:uuid:c757873d-ec9a-4326-a141-556f43239520'],
  positiveInt: [0, -1, 1.5, '1', 2_147_483_648],
  string: ['a\u0001', '   ', '\n', 1, tooLong],
  time: ['10:00', '25:00:00', '10:60:00', '10:00:00Z', '1:00:00'],
  unsignedInt: [-1, 1.5, '1', 2_147_483_648],
  uri: badUris,
  url: badUris,
  uuid: ['urn:uuid:x', 'c757873d-ec9a-4326-a141-556f43239520', 'urn:uuid:c757873dec9a4326a141556f43239520'],
};
