/** The JSON form of each primitive type. Every pattern is anchored and takes time linear in its input: no two adjacent parts can match the same character. https://hl7.org/fhir/R4/datatypes.html#primitive */

/** Spaces and control characters; U+00A0 and its like are ordinary characters to FHIR, unlike to the `\s` of JavaScript. */
const solid = '[^\\u0000-\\u0020]';
/** All but the control characters that XML forbids. */
const printable = '[^\\u0000-\\u0008\\u000b\\u000c\\u000e-\\u001f]';
const uri = { type: 'string', pattern: `^${solid}+$` };

/** Has something to read, and no control characters except tab, carriage return and line feed. Length in UTF-16 units: 1 MiB. */
const text = {
  type: 'string',
  maxLength: 1_048_576,
  pattern: `^[\\t\\n\\r ]*${solid}${printable}*$`,
};

const year = '([0-9]([0-9]([0-9][1-9]|[1-9]0)|[1-9]00)|[1-9]000)';
const month = '(0[1-9]|1[0-2])';
const day = '(0[1-9]|[12][0-9]|3[01])';
const clock = '([01][0-9]|2[0-3]):[0-5][0-9]:([0-5][0-9]|60)(\\.[0-9]+)?';
const zone = '(Z|[+-](0[0-9]|1[0-3]):[0-5][0-9]|[+-]14:00)';

/** `format: calendar` adds that the day exists in its month. */
const calendar = (pattern: string): object => ({ type: 'string', pattern: `^${pattern}$`, format: 'calendar' });

const int32 = 2_147_483_647;

export const primitiveSchemas: Readonly<Record<string, object>> = {
  base64Binary: { type: 'string', pattern: '^[0-9A-Za-z+/=\\t\\n\\r ]+$', format: 'base64' },
  boolean: { type: 'boolean' },
  canonical: uri,
  code: { type: 'string', pattern: `^${solid}+( ${solid}+)*$` },
  date: calendar(`${year}(-${month}(-${day})?)?`),
  dateTime: calendar(`${year}(-${month}(-${day}(T${clock}${zone})?)?)?`),
  decimal: { type: 'number' },
  id: { type: 'string', pattern: '^[A-Za-z0-9\\-.]{1,64}$' },
  instant: calendar(`${year}-${month}-${day}T${clock}${zone}`),
  integer: { type: 'integer', minimum: -int32 - 1, maximum: int32 },
  markdown: text,
  oid: { type: 'string', pattern: '^urn:oid:[0-2](\\.(0|[1-9][0-9]*))+$' },
  positiveInt: { type: 'integer', minimum: 1, maximum: int32 },
  string: text,
  time: { type: 'string', pattern: `^${clock}$` },
  unsignedInt: { type: 'integer', minimum: 0, maximum: int32 },
  uri,
  url: uri,
  uuid: { type: 'string', pattern: '^urn:uuid:[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$' },
  xhtml: { type: 'string', pattern: `^${printable}+$`, format: 'xhtml' },
};
