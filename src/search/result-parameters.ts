/** Parameters that shape the result instead of choosing resources. https://hl7.org/fhir/R4/search.html#return */
import { readContained, readContainedType } from './contained.ts';
import { malformed } from './malformed.ts';
import { readInclude, readRevinclude, type ShapingContext } from './read-include.ts';
import { readSort } from './read-sort.ts';
import { readElements, readSummary } from './read-subset.ts';
import type { Shaping } from './shaping.ts';

export const maximumCount = 1_000;

export interface ResultParameter {
  /** True when it may be given several times. */
  readonly repeats?: boolean;
  /** With their colon. */
  readonly modifiers?: readonly string[];
  read(value: string, shaping: Shaping, context: ShapingContext): Partial<Shaping>;
}

const isTotal = (value: string): value is Shaping['total'] => ['none', 'estimate', 'accurate'].includes(value);

/** What another stage of the request has read already. */
const readElsewhere: ResultParameter = { repeats: true, read: () => ({}) };

/** Which types of the whole system are searched was read before anything else; where the URL names the type there is no choice. */
function checkTypes(value: string, { types, name }: ShapingContext): Partial<Shaping> {
  if (value.split(',').every((type) => types.includes(type))) return {};
  throw malformed(name, 'the type that the URL names');
}

const iterating = [':iterate', ':recurse'];

export const resultParameters: ReadonlyMap<string, ResultParameter> = new Map<string, ResultParameter>([
  [
    '_count',
    {
      read(value, _shaping, { name }) {
        if (!/^\d{1,9}$/.test(value)) throw malformed(name, 'a whole number');
        return { count: Math.min(Number(value), maximumCount) };
      },
    },
  ],
  ['_sort', { repeats: true, read: (value, { sort }, context) => ({ sort: readSort(value, sort, context) }) }],
  [
    '_total',
    {
      read(value, _shaping, { name }) {
        if (!isTotal(value)) throw malformed(name, 'none, estimate or accurate');
        return { total: value };
      },
    },
  ],
  [
    '_include',
    {
      repeats: true,
      modifiers: iterating,
      read: (value, { includes }, context) => ({ includes: [...includes, readInclude(value, context)] }),
    },
  ],
  [
    '_revinclude',
    {
      repeats: true,
      modifiers: iterating,
      read: (value, { revincludes }, context) => ({ revincludes: [...revincludes, readRevinclude(value, context)] }),
    },
  ],
  [
    '_elements',
    { repeats: true, read: (value, { subset }, context) => ({ subset: readElements(value, subset, context) }) },
  ],
  ['_summary', { read: (value, shaping, context) => readSummary(value, shaping, context) }],
  ['_contained', { read: (value, _shaping, { name }) => readContained(value, name) }],
  ['_containedType', { read: (value, _shaping, { name }) => readContainedType(value, name) }],
  ['_cursor', { read: (value) => ({ cursor: value }) }],
  ['_format', readElsewhere],
  ['_pretty', readElsewhere],
  ['_type', { read: (value, _shaping, context) => checkTypes(value, context) }],
]);

/** What R4 has and this server does not do, with what to say of it. */
export const refusedParameters: ReadonlyMap<string, string> = new Map([
  ['_query', 'there are no named queries'],
  ['_score', 'there is no ranking'],
]);
