/** The index tables as data: one line per table gives its insertion, its removal and the difference between two versions. */
import type { IndexRows, ValueRows } from '../ports.ts';
import { containedKey } from './contained-key.ts';

interface PostingTable {
  readonly kind: keyof ValueRows;
  readonly table: string;
  /** Columns before `resource_key`, which ends every posting. `given` is how values travel where that is not their type. */
  readonly columns: readonly (readonly [name: string, type: string, given?: string])[];
}

const tables: readonly PostingTable[] = [
  { kind: 'tokens', table: 'token_index', columns: [['token_key', 'bigint']] },
  {
    kind: 'references',
    table: 'reference_index',
    columns: [
      ['target_key', 'bigint'],
      ['parameter_key', 'bigint'],
    ],
  },
  {
    kind: 'dates',
    table: 'date_index',
    columns: [
      ['parameter_key', 'bigint'],
      ['low', 'timestamptz'],
      ['high', 'timestamptz'],
    ],
  },
  {
    kind: 'numbers',
    table: 'number_index',
    columns: [
      ['parameter_key', 'bigint'],
      ['low', 'float8'],
      ['high', 'float8'],
    ],
  },
  {
    kind: 'strings',
    table: 'string_index',
    columns: [
      ['parameter_key', 'bigint'],
      ['value', 'text'],
    ],
  },
  {
    kind: 'uris',
    table: 'uri_index',
    columns: [
      ['parameter_key', 'bigint'],
      ['value', 'text'],
    ],
  },
  // arrays of arrays do not unnest row by row
  { kind: 'words', table: 'word_index', columns: [['words', 'bigint[]', 'text']] },
];

/** A posting without its resource key: one value per column of its table. */
type Values = readonly (string | number)[];

const quoted = (value: string): string => `"${value.replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"`;

/** Columns of all tables, gathered row by row, as PostgreSQL array literals: cheaper to build and to read than rows of JSON. */
export interface PostingColumns {
  add(resourceKey: string, rows: IndexRows): void;
  readonly count: number;
  /** In the order of the parameters of `insertPostings` and `removePostings`. */
  parameters(): string[];
}

function valuesOf(rows: ValueRows, kind: keyof ValueRows): readonly Values[] {
  if (kind === 'tokens') return rows.tokens.map((token) => [token]);
  if (kind === 'words') return rows.words.length > 0 ? [[`{${rows.words.join(',')}}`]] : [];
  return rows[kind];
}

/** References to a place in `contained` point to the key of what stands there. */
function withTargets(rows: ValueRows, resourceKey: string): ValueRows {
  const keyOf = (target: string): string =>
    target.startsWith('#') ? containedKey(resourceKey, Number(target.slice(1))) : target;
  return { ...rows, references: rows.references.map(([target, parameter]) => [keyOf(target), parameter] as const) };
}

const givenAs = ([, type, given = type]: PostingTable['columns'][number]): string => given;

export function createPostingColumns(): PostingColumns {
  const columns = tables.map(({ columns }) => [...columns, 'resource_key'].map((): string[] => []));
  let count = 0;

  function addValues(key: string, rows: ValueRows): void {
    for (const [index, { kind, columns: definition }] of tables.entries()) {
      const target = columns[index] ?? [];
      for (const values of valuesOf(rows, kind)) {
        for (const [position, value] of values.entries()) {
          const column = definition[position];
          const isText = column !== undefined && givenAs(column) === 'text';
          target[position]?.push(isText ? quoted(String(value)) : String(value));
        }
        target.at(-1)?.push(key);
        count += 1;
      }
    }
  }

  return {
    add(resourceKey, rows) {
      if (!rows.contained) {
        addValues(resourceKey, rows);
        return;
      }
      addValues(resourceKey, withTargets(rows, resourceKey));
      for (const [place, one] of rows.contained.entries()) {
        addValues(containedKey(resourceKey, place), withTargets(one, resourceKey));
      }
    },
    get count() {
      return count;
    },
    parameters: () => columns.flat().map((column) => `{${column.join(',')}}`),
  };
}

function unnest({ columns }: Pick<PostingTable, 'columns'>, first: number): string {
  const types = [...columns.map(givenAs), 'bigint'];
  const columnsOf = types.map((type, index) => `$${first + index}::${type}[]`).join(', ');
  return `unnest(${columnsOf}) AS given(${namesOf({ columns }).join(', ')})`;
}

const namesOf = ({ columns }: Pick<PostingTable, 'columns'>): string[] => [
  ...columns.map(([name]) => name),
  'resource_key',
];

function valuesFrom(posting: PostingTable): string {
  const cast = posting.columns.map(([name, type, given]) => (given ? `given.${name}::${type}` : `given.${name}`));
  return [...cast, 'given.resource_key'].join(', ');
}

function numbered(first: number): { posting: PostingTable; parameter: number }[] {
  let parameter = first;
  return tables.map((posting) => {
    const entry = { posting, parameter };
    parameter += posting.columns.length + 1;
    return entry;
  });
}

/** Number of parameters that postings take. */
export const postingParameters = tables.reduce((sum, { columns }) => sum + columns.length + 1, 0);

/** Common table expressions that add postings, parameters from `$first` on. `repair` passes over those that are there already. */
export function insertPostings(first: number, mode: 'exact' | 'repair' = 'exact'): string[] {
  const conflict = mode === 'repair' ? ' ON CONFLICT DO NOTHING' : '';
  return numbered(first).map(
    ({ posting, parameter }) =>
      `add_${posting.kind} AS (INSERT INTO ${posting.table} SELECT ${valuesFrom(posting)} FROM ${unnest(posting, parameter)}${conflict})`,
  );
}

/** The statement that takes postings away, parameters from `$1` on. */
export function removePostings(): string {
  const parts = numbered(1).map(({ posting, parameter }) => {
    const same = namesOf(posting).map((name) => `p.${name} = gone.${name}`);
    const gone = `(SELECT ${valuesFrom(posting)} FROM ${unnest(posting, parameter)}) AS gone(${namesOf(posting).join(', ')})`;
    return `remove_${posting.kind} AS (DELETE FROM ${posting.table} p USING ${gone} WHERE ${same.join(' AND ')})`;
  });
  return `WITH ${parts.join(',\n')} SELECT`;
}

function without(rows: ValueRows, others: ValueRows, kind: keyof ValueRows): readonly unknown[] {
  // a resource has all of its words or none in one row
  if (kind === 'words') return rows.words?.join() === others.words?.join() ? [] : (rows.words ?? []);
  const known = new Set(others[kind].map((value) => JSON.stringify(value)));
  return rows[kind].filter((value: unknown) => !known.has(JSON.stringify(value)));
}

function subtractValues(rows: ValueRows, others: ValueRows): ValueRows {
  return Object.fromEntries(tables.map(({ kind }) => [kind, without(rows, others, kind)])) as unknown as ValueRows;
}

export const noRows: ValueRows = {
  tokens: [],
  references: [],
  dates: [],
  numbers: [],
  strings: [],
  uris: [],
  words: [],
};

/** The rows of `rows` that `others` does not have. What is contained is compared place by place. */
export function subtract(rows: IndexRows, others: IndexRows): IndexRows {
  const contained = rows.contained?.map((one, index) => subtractValues(one, others.contained?.[index] ?? noRows));
  return { ...subtractValues(rows, others), ...(contained && { contained }) };
}
