/** Searches of the audit log: the parameters of AuditEvent that this server knows, read into a query. https://hl7.org/fhir/R4/auditevent.html#search */
import { invalid, notSupported } from '../fhir/fhir-error.ts';
import { isLogicalId } from '../fhir/resource.ts';
import type { AuditAction, AuditFilter, AuditOutcome, AuditQuery } from '../ports.ts';
import { isAuditId } from './audit-id.ts';
import { type DateRange, instantOf, readDateRange } from './date-range.ts';

/** What was asked for. An empty list in the query matches nothing. */
export interface AuditSearch {
  readonly query: AuditQuery;
  /** True when the number of all matches is wanted. */
  readonly total: boolean;
}

type Reader = (search: AuditSearch, value: string, name: string) => AuditSearch;

const defaultCount = 100;
const maximumCount = 1_000;
const maximumValues = 500;

const malformed = (name: string, rule: string) => invalid(`The value of ${name} is not ${rule}`, `http.${name}`);
const refine = (search: AuditSearch, query: Partial<AuditQuery>): AuditSearch => ({
  ...search,
  query: { ...search.query, ...query },
});

/** Splits at commas and undoes the escapes of https://hl7.org/fhir/R4/search.html#escaping. */
function valuesOf(text: string, name: string): readonly string[] {
  const values = [''];
  let isEscaped = false;
  for (const character of text) {
    if (character === ',' && !isEscaped) values.push('');
    else if (character !== '\\' || isEscaped) values.push(values.pop() + character);
    isEscaped = character === '\\' && !isEscaped;
  }
  if (values.length > maximumValues) throw malformed(name, `at most ${maximumValues} alternatives`);
  if (values.includes('')) throw malformed(name, 'complete');
  return values;
}

/** The codes of a token parameter. A code of another system matches nothing. */
function codesOf(text: string, name: string, system: string): readonly string[] {
  return valuesOf(text, name).flatMap((value) => {
    const bar = value.lastIndexOf('|');
    if (bar < 0) return [value];
    return value.slice(0, bar) === system ? [value.slice(bar + 1)] : [];
  });
}

type ListName = 'ids' | 'patients' | 'agents' | 'actions' | 'outcomes' | 'interactions';

/** ANDs a list of alternatives with what was asked before. */
function restrict(search: AuditSearch, list: ListName, values: readonly string[]): AuditSearch {
  const before: readonly string[] | undefined = search.query[list];
  const wanted = new Set(values);
  const both = before ? before.filter((value) => wanted.has(value)) : values;
  return refine(search, { [list]: both });
}

type Bounds = Pick<AuditFilter, 'from' | 'to'>;

/** Instants are ISO 8601 in UTC, which sorts as text. */
const bounds: Readonly<Record<string, (range: DateRange) => Bounds>> = {
  eq: ({ low, high }) => ({ from: instantOf(low), to: instantOf(high) }),
  gt: ({ high }) => ({ from: instantOf(high + 1) }),
  sa: ({ high }) => ({ from: instantOf(high + 1) }),
  ge: ({ low }) => ({ from: instantOf(low) }),
  lt: ({ low }) => ({ to: instantOf(low - 1) }),
  eb: ({ low }) => ({ to: instantOf(low - 1) }),
  le: ({ high }) => ({ to: instantOf(high) }),
};

const readDate: Reader = (search, value, name) => {
  const prefix = /^[a-z]{2}/.exec(value)?.[0];
  const boundsOf = bounds[prefix ?? 'eq'];
  if (!boundsOf) throw notSupported(`Prefixes of ${name} are eq, gt, ge, lt, le, sa and eb`, `http.${name}`);
  if (value.includes(',')) throw notSupported(`Alternatives of ${name} are not supported`, `http.${name}`);
  const range = readDateRange(prefix === undefined ? value : value.slice(2));
  if (!range) throw malformed(name, 'a date');
  const { from, to } = boundsOf(range);
  const { from: earliest = from, to: latest = to } = search.query;
  return refine(search, {
    ...(from !== undefined && earliest !== undefined && { from: from > earliest ? from : earliest }),
    ...(to !== undefined && latest !== undefined && { to: to < latest ? to : latest }),
  });
};

const readPatient: Reader = (search, value, name) => {
  const ids = valuesOf(value, name).map((one) => (one.startsWith('Patient/') ? one.slice(8) : one));
  if (!ids.every(isLogicalId)) throw malformed(name, 'the id of a Patient or Patient/ and its id');
  return restrict(search, 'patients', ids);
};

const readEntity: Reader = (search, value, name) => {
  if (search.query.resources) throw notSupported(`${name} can be given once`, `http.${name}`);
  const resources = valuesOf(value, name).map((one) => {
    const [type = '', id, ...more] = one.split('/');
    const isReference =
      /^[A-Z][A-Za-z]{0,63}$/.test(type) && (id === undefined || isLogicalId(id)) && more.length === 0;
    if (!isReference) throw malformed(name, 'a resource type or a type, a slash and an id');
    return id === undefined ? { type } : { type, id };
  });
  return refine(search, { resources });
};

/** A token parameter whose codes are all known. */
function readCodes(list: 'actions' | 'outcomes', system: string, known: readonly string[]): Reader {
  return (search, value, name) => {
    const codes = codesOf(value, name, system);
    if (!codes.every((code) => known.includes(code))) throw malformed(name, `one of ${known.join(', ')}`);
    return restrict(search, list, codes);
  };
}

const actions: readonly AuditAction[] = ['C', 'R', 'U', 'D', 'E'];
const outcomes: readonly AuditOutcome[] = ['0', '4', '8', '12'];

/** One parameter: its FHIR type for the CapabilityStatement, absent for those that shape the result. */
interface AuditSearchParameter {
  readonly type?: 'date' | 'reference' | 'token';
  readonly documentation: string;
  readonly read: Reader;
}

/** Every parameter that is understood; all others are refused. */
export const auditSearchParameters: ReadonlyMap<string, AuditSearchParameter> = new Map<string, AuditSearchParameter>([
  ['date', { type: 'date', documentation: 'When it was recorded, with prefixes', read: readDate }],
  ['patient', { type: 'reference', documentation: 'Patient concerned: an id or Patient/id', read: readPatient }],
  [
    'agent',
    {
      type: 'reference',
      documentation: 'Who did it: the agent as its identifier has it',
      read: (search, value, name) => restrict(search, 'agents', valuesOf(value, name)),
    },
  ],
  [
    'action',
    {
      type: 'token',
      documentation: 'C, R, U, D or E',
      read: readCodes('actions', 'http://hl7.org/fhir/audit-event-action', actions),
    },
  ],
  [
    'outcome',
    {
      type: 'token',
      documentation: '0 success, 4 refused, 8 failed, 12 major failure',
      read: readCodes('outcomes', 'http://hl7.org/fhir/audit-event-outcome', outcomes),
    },
  ],
  [
    'subtype',
    {
      type: 'token',
      documentation: 'Interaction, such as read or search-type, or the $name of an operation',
      read: (search, value, name) =>
        restrict(search, 'interactions', codesOf(value, name, 'http://hl7.org/fhir/restful-interaction')),
    },
  ],
  ['entity', { type: 'reference', documentation: 'What it was done to: Type/id or Type', read: readEntity }],
  [
    '_id',
    {
      type: 'token',
      documentation: 'Logical id',
      read: (search, value, name) => restrict(search, 'ids', valuesOf(value, name).filter(isAuditId)),
    },
  ],
  [
    '_count',
    {
      documentation: `Events on a page, at most ${maximumCount}`,
      read(search, value, name) {
        if (!/^\d{1,9}$/.test(value)) throw malformed(name, 'a number');
        return refine(search, { count: Math.min(Number(value), maximumCount) });
      },
    },
  ],
  [
    '_sort',
    {
      documentation: 'date for the oldest first, -date for the newest first',
      read(search, value, name) {
        if (value !== 'date' && value !== '-date') throw notSupported(`${name} is date or -date`, `http.${name}`);
        return refine(search, { ascending: value === 'date' });
      },
    },
  ],
  [
    '_total',
    {
      documentation: 'none, estimate or accurate',
      read(search, value, name) {
        if (!['none', 'estimate', 'accurate'].includes(value)) throw malformed(name, 'none, estimate or accurate');
        return { ...search, total: value !== 'none' };
      },
    },
  ],
  [
    '_cursor',
    {
      documentation: 'Where a page begins, as the link to it says',
      read(search, value, name) {
        if (!isAuditId(value)) throw malformed(name, 'a position that this server gave');
        return refine(search, { after: value });
      },
    },
  ],
  ['_format', { documentation: 'See content negotiation', read: (search) => search }],
  ['_pretty', { documentation: 'See content negotiation', read: (search) => search }],
]);

/** Reads the decoded parameters of a search, newest first unless asked otherwise. Throws a FhirError 400 that names a parameter which is not understood or malformed. */
export function parseAuditSearch(parameters: Iterable<readonly [name: string, value: string]>): AuditSearch {
  let search: AuditSearch = { query: { count: defaultCount }, total: false };
  for (const [name, value] of parameters) {
    const parameter = auditSearchParameters.get(name);
    if (!parameter) throw notSupported(`AuditEvent cannot be searched by ${name.slice(0, 64)}`, 'http');
    if (value.includes('\0')) throw malformed(name, 'text');
    search = parameter.read(search, value, name);
  }
  return search;
}
