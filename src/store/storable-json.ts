/** JSON that PostgreSQL can turn into text. https://www.postgresql.org/docs/current/datatype-json.html */

/** `JSON.stringify` writes lone surrogates and U+0000 as escapes, and PostgreSQL has no text for either. An escaped backslash is matched too, so that what follows it is not taken for an escape. */
const escapes = /\\(?:\\|u0000|ud[89a-f][0-9a-f]{2})/g;

/** Serialises a value; characters that PostgreSQL cannot hold become U+FFFD. */
export function storableJson(value: unknown): string {
  const json = JSON.stringify(value);
  if (!json.includes('\\u')) return json;
  return json.replace(escapes, (escape) => (escape === '\\\\' ? escape : '\ufffd'));
}
