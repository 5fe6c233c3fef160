/** `Observation/$lastn`: of each kind of observation the latest. https://hl7.org/fhir/R4/observation-operation-lastn.html */
import { bundleText } from '../fhir/bundle.ts';
import { invalid } from '../fhir/fhir-error.ts';
import type { Interaction, Parameters } from '../interactions/interaction.ts';
import { queryText } from '../interactions/page-links.ts';
import { outcomeEntry, toEntries } from '../interactions/search/answer-search.ts';
import { readQuery } from '../interactions/search/read-query.ts';
import type { SearchRow } from '../search-ports.ts';
import { readAll } from './observations.ts';
import type { Operation } from './operation.ts';

const pageSize = 1_000;
const maximumOfEach = 100;

/** What a search may be told and this one may not. */
const fixed: ReadonlySet<string> = new Set([
  '_sort',
  '_count',
  '_cursor',
  '_include',
  '_revinclude',
  '_total',
  '_contained',
]);

interface Coding {
  readonly system?: string;
  readonly code?: string;
}

interface Observed {
  readonly code?: { readonly coding?: readonly Coding[]; readonly text?: string };
}

/** What an observation is called: it belongs to every group that has one of these names. */
function namesOf(text: string): readonly string[] {
  const { code = {} } = JSON.parse(text) as Observed;
  const codings = (code.coding ?? []).flatMap(({ system = '', code: value }) =>
    value === undefined ? [] : [`${system}|${value}`],
  );
  return codings.length > 0 ? codings : [code.text ?? ''];
}

function maximumOf(parameters: Parameters): number {
  const values = parameters.filter(([name]) => name === 'max');
  const text = values[0]?.[1] ?? '1';
  const max = Number(text);
  if (values.length > 1 || !/^\d{1,3}$/.test(text) || max < 1 || max > maximumOfEach) {
    throw invalid(`The value of max must be a number from 1 to ${maximumOfEach}`, 'http.max');
  }
  return max;
}

/** Takes rows in their order, and of each kind no more than are wanted. */
function createChoice(max: number) {
  const groups = new Map<string, { count: number }>();
  return (row: SearchRow): boolean => {
    const names = namesOf(row.text ?? '{}');
    const group = names.map((name) => groups.get(name)).find((one) => one !== undefined) ?? { count: 0 };
    for (const name of names) groups.set(name, group);
    group.count += 1;
    return group.count <= max;
  };
}

const run: Interaction = async ({ parameters, prefer }, context) => {
  const max = maximumOf(parameters);
  const criteria = parameters.filter(([name]) => name !== 'max');
  const shaping = criteria.find(([name]) => fixed.has(name.split(':', 1)[0] ?? ''));
  if (shaping)
    throw invalid(
      '$lastn has an order of its own, no pages and no contained resources',
      `http.${shaping[0].slice(0, 64)}`,
    );
  if (!criteria.some(([name]) => /^(?:patient|subject)(?:[:.]|$)/.test(name))) {
    throw invalid('$lastn needs patient or subject', 'http.patient');
  }
  const asked: Parameters = [...criteria, ['_sort', '-date'], ['_count', String(pageSize)]];
  const query = await readQuery({ types: ['Observation'], parameters: asked, handling: prefer.handling }, context);
  if (query.count === 0) throw invalid('$lastn does more than count', 'http._summary');
  const isWanted = createChoice(max);
  const chosen: SearchRow[] = [];
  for await (const row of readAll(query, context)) if (isWanted(row)) chosen.push(row);
  const maximum = parameters.filter(([name]) => name === 'max');
  const applied = [...query.applied.filter(([name]) => !fixed.has(name)), ...maximum];
  const text = bundleText({
    type: 'searchset',
    total: chosen.length,
    links: [{ relation: 'self', url: `${context.settings.baseUrl}/Observation/$lastn?${queryText(applied)}` }],
    entries: [...toEntries({ mode: 'match', versions: chosen }, query, context), ...outcomeEntry(query.warnings)],
  });
  return { status: 200, text, patients: chosen.flatMap(({ patients }) => patients) };
};

export const lastn: Operation = {
  code: 'lastn',
  definition: 'http://hl7.org/fhir/OperationDefinition/Observation-lastn',
  levels: ['type'],
  types: ['Observation'],
  permission: 'search-type',
  run,
};
