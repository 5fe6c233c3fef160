/** `_filter`: comparisons joined from left to right, by the table of operators of R4. https://hl7.org/fhir/R4/search_filter.html */
import { ask } from './ask.ts';
import type { Choices } from './choices.ts';
import { overlaps, span, spanOf } from './dates.ts';
import { folded, isBroken, textsOf } from './texts.ts';
import type { StoredResource, Value } from './values.ts';
import { type Column, targetTypes, type World } from './world.ts';

export interface Filter {
  readonly text: string;
  holds(resource: StoredResource): boolean;
}

interface Comparison {
  readonly operator: string;
  readonly value: string;
  holds(values: readonly Value[]): boolean;
}

const quoted = (value: string): string =>
  /^[^\s()[\]"\\]+$/.test(value) ? value : `"${value.replaceAll(/["\\]/g, '\\$&')}"`;

const strings: Readonly<Record<string, (own: string, wanted: string) => boolean>> = {
  eq: (own, wanted) => own === wanted,
  co: (own, wanted) => own.includes(wanted),
  sw: (own, wanted) => own.startsWith(wanted),
  ew: (own, wanted) => own.endsWith(wanted),
};

function compareTexts(pool: readonly Value[], choices: Choices): Comparison | undefined {
  const text = choices.of(pool.flatMap(textsOf)) ?? '';
  const operator = choices.of(Object.keys(strings)) ?? '';
  const is = strings[operator];
  const length = operator === 'eq' ? text.length : 1 + choices.below(8);
  const value = operator === 'ew' ? text.slice(-length) : text.slice(0, length);
  // what is longer than 400 characters ends where the index does
  if (!is || text.length > 300 || folded(value) === '' || isBroken(value)) return undefined;
  return { operator, value, holds: (values) => values.flatMap(textsOf).some((own) => is(folded(own), folded(value))) };
}

function comparePeriods(pool: readonly Value[], choices: Choices): Comparison | undefined {
  const own = choices.of(pool.map(spanOf).filter((one) => one !== undefined));
  const [day] = (own ?? []).filter(Number.isFinite).map((one) => new Date(one).toISOString().slice(0, 7));
  if (day === undefined) return undefined;
  const holds = (values: readonly Value[]) =>
    values.some((value) => {
      const one = spanOf(value);
      return one !== undefined && overlaps(one, span(day));
    });
  return { operator: 'po', value: day, holds };
}

/** What an ordinary search asks without a modifier, its prefix as the operator. */
function compareAsked(column: Column, choices: Choices): Comparison | undefined {
  const asked = ask(column, choices);
  if (!asked || asked.modifier !== undefined || asked.text.includes('\\')) return undefined;
  const isOrdered = ['date', 'number', 'quantity'].includes(column.parameter.type);
  const [, prefix = '', value = ''] = (isOrdered ? /^([a-z]{2})?(.*)$/ : /^()(.*)$/).exec(asked.text) ?? [];
  return { operator: prefix === '' ? 'eq' : prefix, value, holds: asked.holds };
}

/** Elements that a resource has once: of others `ne` is refused. */
const single: ReadonlySet<string> = new Set(
  (
    'Patient.gender Patient.organization Observation.status Observation.code Observation.subject Observation.patient ' +
    'Encounter.status Encounter.class Encounter.subject Condition.subject Procedure.status MedicationRequest.intent ' +
    'Claim.use Claim.status ValueSet.url Questionnaire.url'
  ).split(' '),
);

function compare(column: Column, choices: Choices): Comparison | undefined {
  const { parameter, pool } = column;
  if (['composite', 'special'].includes(parameter.type)) return undefined;
  if (choices.below(8) === 7) {
    const isPresent = choices.below(2) === 0;
    return { operator: 'pr', value: String(isPresent), holds: (values) => values.length > 0 === isPresent };
  }
  if (parameter.type === 'string') return compareTexts(pool, choices);
  if (parameter.type === 'date' && choices.below(6) === 5) return comparePeriods(pool, choices);
  const compared = compareAsked(column, choices);
  if (!compared || compared.operator !== 'eq') return compared;
  if (single.has(`${column.types.join()}.${parameter.code}`) && choices.below(2) === 1)
    return { ...compared, operator: 'ne', holds: (values) => values.length > 0 && !compared.holds(values) };
  return compared;
}

function comparison(type: string, choices: Choices, world: World): Filter | undefined {
  const column = choices.of(world.columnsOf([type]));
  const compared = column && compare(column, choices);
  if (!compared) return undefined;
  const { operator, value, holds } = compared;
  return {
    text: `${column.parameter.code} ${operator} ${quoted(value)}`,
    holds: (resource) => holds(column.valuesOf(resource)),
  };
}

/** `patient.name eq x`, or `patient[gender eq y].name eq x`, of one and the same. */
function chained(type: string, choices: Choices, world: World): Filter | undefined {
  const links = world
    .columnsOf([type])
    .filter(({ parameter, pool }) => parameter.type === 'reference' && pool.some(([, kind]) => kind === 'Reference'))
    .flatMap(({ parameter }) => targetTypes(parameter).map((to) => ({ parameter, to })))
    .filter(({ to }) => world.types.includes(to));
  const link = choices.of(links);
  const inner = link && comparison(link.to, choices, world);
  if (!link || !inner) return undefined;
  const { parameter, to } = link;
  const condition = choices.below(2) === 1 ? askFilter(to, 2, choices, world) : undefined;
  return {
    text: `${parameter.code}:${to}${condition ? `[${condition.text}]` : ''}.${inner.text}`,
    holds: (resource) =>
      world
        .targetsOf(parameter, resource)
        .some((one) => one.resourceType === to && inner.holds(one) && (condition?.holds(one) ?? true)),
  };
}

function operand(type: string, depth: number, choices: Choices, world: World): Filter | undefined {
  const way = depth < 2 ? choices.below(8) : 0;
  if (way === 7) return chained(type, choices, world);
  if (way < 5) return comparison(type, choices, world);
  const inner = askFilter(type, depth + 1, choices, world);
  if (!inner) return undefined;
  if (way === 5) return { text: `(${inner.text})`, holds: (resource) => inner.holds(resource) };
  return { text: `not (${inner.text})`, holds: (resource) => !inner.holds(resource) };
}

/** One to four operands, evaluated as they come. */
export function askFilter(type: string, depth: number, choices: Choices, world: World): Filter | undefined {
  const first = operand(type, depth, choices, world);
  if (!first) return undefined;
  const others = Array.from({ length: choices.below(4) }, () => ({
    joins: choices.of(['and', 'or']),
    one: operand(type, depth, choices, world),
  }));
  return others.reduce<Filter>((left, { joins, one }) => {
    if (!one) return left;
    return {
      text: `${left.text} ${joins} ${one.text}`,
      holds: (resource) =>
        joins === 'and' ? left.holds(resource) && one.holds(resource) : left.holds(resource) || one.holds(resource),
    };
  }, first);
}
