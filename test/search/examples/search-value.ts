/** How one would search for a value that a resource has: written from the tables of R4, without a look at the index. https://hl7.org/fhir/R4/search.html#ptypes */
import type { SearchParameterType } from '../../../src/fhir/search-parameter.ts';

type Json = Readonly<Record<string, unknown>>;

const escape = (text: string): string => text.replaceAll(/[\\,|$]/g, '\\$&');
const isObject = (value: unknown): value is Json => typeof value === 'object' && value !== null;
const text = (value: unknown): value is string => typeof value === 'string' && value !== '';
const list = (value: unknown): readonly unknown[] =>
  Array.isArray(value) ? value : value === undefined ? [] : [value];

/** What an extension holds: some parameters lead to it. */
function unwrap(value: unknown, type: string): unknown {
  if (type !== 'Extension' || !isObject(value)) return value;
  const name = Object.keys(value).find((key) => /^value[A-Z]/.test(key));
  return name === undefined ? undefined : value[name];
}

function tokens(value: unknown, type: string): readonly string[] {
  if (typeof value === 'string' || typeof value === 'boolean') return value === '' ? [] : [escape(String(value))];
  if (!isObject(value)) return [];
  if (value['coding'] !== undefined) return list(value['coding']).flatMap((coding) => tokens(coding, 'Coding'));
  const code = type === 'Identifier' || type === 'ContactPoint' ? value['value'] : (value['code'] ?? value['value']);
  const { system } = value;
  if (!text(code)) return text(system) ? [`${escape(system)}|`] : [];
  const bare = escape(code);
  if (type === 'ContactPoint') return [bare];
  return [bare, text(system) ? `${escape(system)}|${bare}` : `|${bare}`];
}

const nameParts = ['text', 'family', 'given', 'prefix', 'suffix'];
const addressParts = ['text', 'line', 'city', 'district', 'state', 'postalCode', 'country'];

function strings(value: unknown): readonly string[] {
  if (text(value)) return [escape(value.trim())];
  if (!isObject(value)) return [];
  return [...nameParts, ...addressParts].flatMap((part) =>
    list(value[part])
      .filter(text)
      .map((one) => escape(one.trim())),
  );
}

function references(value: unknown): readonly string[] {
  const target = isObject(value) ? value['reference'] : value;
  if (!text(target) || target.startsWith('#')) return [];
  return [escape(target)];
}

function dates(value: unknown, type: string): readonly string[] {
  if (text(value)) return ['date', 'dateTime', 'instant'].includes(type) ? [value, `ge${value}`, `le${value}`] : [];
  if (!isObject(value)) return [];
  if (type === 'Timing')
    return list(value['event'])
      .filter(text)
      .map((event) => `ap${event}`);
  const { start, end } = value;
  return [...(text(start) ? [`ge${start}`] : []), ...(text(end) ? [`le${end}`] : [])];
}

function amounts(value: unknown): readonly string[] {
  if (typeof value === 'number') return [String(value), `ge${value}`, `le${value}`];
  if (!isObject(value)) return [];
  if (isObject(value['low']) || isObject(value['high'])) {
    const [low, high] = ['low', 'high'].map((end) => (isObject(value[end]) ? value[end]['value'] : undefined));
    return [...(typeof low === 'number' ? [`ge${low}`] : []), ...(typeof high === 'number' ? [`le${high}`] : [])];
  }
  const { value: number, comparator, system, code, currency, unit } = value;
  if (typeof number !== 'number') return [];
  if (text(comparator)) return [comparator.startsWith('<') ? `lt${number}` : `gt${number}`];
  const known = text(currency) ? currency : code;
  const place = text(currency) ? 'urn:iso:std:iso:4217' : system;
  return [
    String(number),
    ...(text(known) && text(place) ? [`${number}|${escape(place)}|${escape(known)}`] : []),
    ...(text(known) ? [`${number}||${escape(known)}`] : []),
    ...(text(unit) ? [`${number}||${escape(unit)}`] : []),
  ];
}

/** The values to search by; none for a value that this type of parameter cannot be asked for. */
export function searchValues(parameterType: SearchParameterType, found: unknown, type: string): readonly string[] {
  const value = unwrap(found, type);
  switch (parameterType) {
    case 'token':
      return tokens(value, type);
    case 'string':
      return strings(value);
    case 'reference':
      return references(value);
    case 'date':
      return dates(value, type);
    case 'number':
    case 'quantity':
      return amounts(value);
    case 'uri':
      return text(value) ? [escape(value)] : [];
    default:
      return [];
  }
}
