/** A `_filter` as a condition, by what its operators mean for each type of search parameter. https://hl7.org/fhir/R4/search_filter.html#ops */
import type { SearchParameter, SearchParameterType } from '../../fhir/search-parameter.ts';
import { chainThrough, linkOf } from '../chain-link.ts';
import type { Condition } from '../condition.ts';
import { refused } from '../malformed.ts';
import { type CriterionText, parseCriterion } from '../parse-criterion.ts';
import { commonParameter } from '../parse-parameter.ts';
import { pathShape } from '../path-shape.ts';
import type { SearchScope } from '../search-scope.ts';
import type { FilterExpression, FilterOperator, FilterStep } from './filter-expression.ts';
import { parseFilter } from './parse-filter.ts';

type Place = Pick<CriterionText, 'types' | 'warn'>;

type Comparison = Extract<FilterExpression, { kind: 'comparison' }>;

const name = '_filter';

/** How an operator is written as an ordinary search: what follows the name, and what precedes the value. */
interface Writing {
  readonly modifier?: string;
  readonly prefix?: string;
  readonly isNegated?: boolean;
}

const ordered: Readonly<Partial<Record<FilterOperator, Writing>>> = Object.fromEntries(
  (['eq', 'ne', 'gt', 'lt', 'ge', 'le', 'ap', 'sa', 'eb'] as const).map((operator) => [operator, { prefix: operator }]),
);

const coded: Readonly<Partial<Record<FilterOperator, Writing>>> = {
  eq: {},
  ne: { isNegated: true },
  in: { modifier: ':in' },
  ni: { modifier: ':not-in' },
  // what the value subsumes lies below it
  ss: { modifier: ':below' },
  sb: { modifier: ':above' },
};

const writings: Readonly<Partial<Record<SearchParameterType, Readonly<Partial<Record<FilterOperator, Writing>>>>>> = {
  date: ordered,
  number: ordered,
  quantity: ordered,
  token: coded,
  string: {
    eq: { modifier: ':equals' },
    ne: { modifier: ':equals', isNegated: true },
    co: { modifier: ':contains' },
    sw: {},
    ew: { modifier: ':ends' },
  },
  uri: { eq: {}, ne: { isNegated: true }, ss: { modifier: ':below' }, sb: { modifier: ':above' } },
  reference: { eq: {}, ne: { isNegated: true }, re: {} },
};

/** Names that R4 has filters use in the place of a system. */
const namespaces: ReadonlyMap<string, string> = new Map([
  ['loinc', 'http://loinc.org'],
  ['snomed', 'http://snomed.info/sct'],
  ['rxnorm', 'http://www.nlm.nih.gov/research/umls/rxnorm'],
  ['ucum', 'http://unitsofmeasure.org'],
]);
const systemName = /(?<=^|\|)(?:loinc|snomed|rxnorm|ucum)(?=\|)/;

/** A value of a filter is one value: it has no alternatives. */
function escaped(value: string, type: SearchParameterType): string {
  const isCoded = type === 'token' || type === 'quantity';
  const whole = isCoded ? value.replace(systemName, (name) => namespaces.get(name) ?? name) : value;
  return whole.replaceAll(isCoded ? /[\\,$]/g : /[\\,$|]/g, (character) => `\\${character}`);
}

/** Some value is another: of several values the index does not tell which belong together. */
function checkSingle(parameter: SearchParameter, { types }: Place, { elements }: SearchScope): void {
  const { code, expression = '' } = parameter;
  if (types.every((type) => pathShape(expression, type, elements).isSingle)) return;
  throw refused(name, `ne of ${code}, of which there may be several; ask for not (${code} eq …)`);
}

function isPresent(value: string): boolean {
  if (value !== 'true' && value !== 'false') throw refused(name, 'pr is followed by true or false');
  return value === 'true';
}

function compare(code: string, { operator, value }: Comparison, place: Place, scope: SearchScope): Condition {
  const parameter = commonParameter(place.types, code, scope);
  if (!parameter) throw refused(name, 'it names a search parameter that is not known here');
  const text = (path: string, written: string) => parseCriterion({ ...place, path, value: written, name }, scope);
  if (operator === 'pr') return text(`${code}:missing`, String(!isPresent(value)));
  if (operator === 'po' && parameter.type === 'date') return text(`${code}:overlaps`, escaped(value, 'date'));
  const writing = writings[parameter.type]?.[operator];
  if (!writing) throw refused(name, `${operator} means nothing for a ${parameter.type} parameter`);
  const { modifier = '', prefix = '', isNegated = false } = writing;
  const condition = text(code + modifier, prefix + escaped(value, parameter.type));
  if (!isNegated) return condition;
  checkSingle(parameter, place, scope);
  const differs: Condition = { kind: 'not', condition };
  return code === '_id' ? differs : { kind: 'all', conditions: [text(`${code}:missing`, 'false'), differs] };
}

function follow(steps: readonly FilterStep[], comparison: Comparison, place: Place, scope: SearchScope): Condition {
  const [step, ...others] = steps;
  if (!step) throw new Error('A path of a filter has at least one step');
  if (others.length === 0) return compare(step.name, comparison, place, scope);
  const link = linkOf(step.name, { ...place, name, rest: others[0]?.name ?? '' }, scope);
  return chainThrough(link, (type) => {
    const there = { ...place, types: [type] };
    const rest = follow(others, comparison, there, scope);
    const condition = step.filter ? toCondition(step.filter, there, scope) : undefined;
    return condition ? { kind: 'all', conditions: [condition, rest] } : rest;
  });
}

function toCondition(expression: FilterExpression, place: Place, scope: SearchScope): Condition {
  switch (expression.kind) {
    case 'comparison':
      return follow(expression.path, expression, place, scope);
    case 'not':
      return { kind: 'not', condition: toCondition(expression.operand, place, scope) };
    default: {
      const conditions = expression.operands.map((operand) => toCondition(operand, place, scope));
      return { kind: expression.kind === 'and' ? 'all' : 'any', conditions };
    }
  }
}

/** Throws a FhirError 400 that names `_filter` and what is wrong in it. */
export function filterCondition(text: string, place: Place, scope: SearchScope): Condition {
  return toCondition(parseFilter(text), place, scope);
}
