/** What `$stats` was asked for. https://hl7.org/fhir/R4/observation-operation-stats.html */
import { invalid, notSupported } from '../fhir/fhir-error.ts';
import { parseReference } from '../fhir/reference.ts';
import { instantOf, readDateRange } from '../search/date-range.ts';
import type { Coding } from './measurements.ts';
import {
  checkNames,
  countOf,
  findParameter,
  flagOf,
  objectOf,
  type OperationInput,
  type OperationParameter,
  textOf,
} from './operation-input.ts';
import { statistics } from './statistics.ts';

const names = new Set(['subject', 'code', 'system', 'coding', 'duration', 'period', 'statistic', 'include', 'limit']);
const repeatable = new Set(['code', 'coding', 'statistic']);

const maximumCodings = 100;
/** Observations that an answer brings along. */
const maximumSources = 1_000;
const hour = 3_600_000;

export interface Period {
  readonly start?: string;
  readonly end?: string;
}

export interface StatsRequest {
  /** A literal reference. */
  readonly subject: string;
  readonly codings: readonly Coding[];
  readonly period?: Period;
  /** Codes, each once. */
  readonly statistics: readonly string[];
  /** How many of the Observations are wanted as well, the latest. */
  readonly sources: number;
  /** True when more must not be passed over. */
  readonly isComplete: boolean;
}

const isText = (value: unknown): value is string => typeof value === 'string' && value !== '';

function all({ parameters }: OperationInput, wanted: string): readonly OperationParameter[] {
  return parameters.filter(({ name }) => name === wanted);
}

function subjectOf(given: OperationInput): string {
  const subject = textOf(given, 'subject');
  if (subject === undefined) throw invalid('This operation needs a subject', 'subject');
  if (!parseReference(subject)) throw invalid('The subject is a resource type, a slash and an id, or a URL', 'subject');
  return subject;
}

function textIn({ value, expression }: OperationParameter): string {
  if (!isText(value)) throw invalid('This parameter is a text', expression);
  return value;
}

function codingIn(parameter: OperationParameter): Coding {
  const { system, code, display } = objectOf({ parameters: [parameter] }, 'coding') ?? {};
  if (!isText(system) || !isText(code)) throw invalid('A coding needs a system and a code', parameter.expression);
  return { system, code, ...(isText(display) && { display }) };
}

/** A code without its system could be anything. */
function codingsOf(given: OperationInput): readonly Coding[] {
  const system = textOf(given, 'system');
  const codes = all(given, 'code').map(textIn);
  if (codes.length > 0 && system === undefined) throw invalid('A code needs its system', 'system');
  if (codes.length === 0 && system !== undefined) throw invalid('A system needs a code', 'code');
  const codings = [...codes.map((code) => ({ system: system ?? '', code })), ...all(given, 'coding').map(codingIn)];
  if (codings.length === 0) throw invalid('This operation needs a code with its system, or a coding', 'code');
  if (codings.length > maximumCodings) throw invalid(`At most ${maximumCodings} codes can be asked for`, 'code');
  return codings;
}

function durationOf({ value, expression }: OperationParameter, now: Date): Period {
  const hours = typeof value === 'string' && /^\d{1,9}(?:\.\d{1,9})?$/.test(value) ? Number(value) : value;
  if (typeof hours !== 'number' || !(hours > 0)) throw invalid('The duration is a number of hours above 0', expression);
  return { start: instantOf(now.getTime() - hours * hour), end: now.toISOString() };
}

function periodOf(given: OperationInput): Period | undefined {
  const period = objectOf(given, 'period');
  if (!period) return undefined;
  const { start, end } = period;
  const isDate = (value: unknown) => value === undefined || (isText(value) && readDateRange(value) !== undefined);
  if (!isDate(start) || !isDate(end) || (start ?? end) === undefined) {
    throw invalid('A period has a start, an end, or both', 'period');
  }
  return { ...(isText(start) && { start }), ...(isText(end) && { end }) };
}

function timeOf(given: OperationInput, now: Date): Period | undefined {
  const duration = findParameter(given, 'duration');
  const period = periodOf(given);
  if (duration && period) throw invalid('Either a duration or a period can be given', 'period');
  return duration ? durationOf(duration, now) : period;
}

function statisticsOf(given: OperationInput): readonly string[] {
  const wanted = all(given, 'statistic');
  if (wanted.length === 0) throw invalid('This operation needs a statistic', 'statistic');
  for (const parameter of wanted) {
    const code = textIn(parameter);
    if (code === 'regression') {
      throw notSupported('R4 does not say how gradient and intercept are told apart', parameter.expression);
    }
    if (!statistics.has(code)) throw invalid('There is no such statistic', parameter.expression);
  }
  return [...new Set(wanted.map(textIn))];
}

function sourcesOf(given: OperationInput): Pick<StatsRequest, 'sources' | 'isComplete'> {
  // R4: without `include` the limit is ignored
  if (flagOf(given, 'include') !== true) return { sources: 0, isComplete: false };
  const limit = countOf(given, 'limit');
  if (limit !== undefined && (limit < 1 || limit > maximumSources)) {
    throw invalid(`The limit is a number from 1 to ${maximumSources}`, 'limit');
  }
  return { sources: limit ?? maximumSources, isComplete: limit === undefined };
}

/** Throws a FhirError 400 that names the parameter. */
export function statsRequest(given: OperationInput, now: Date): StatsRequest {
  checkNames(given, names, repeatable);
  const period = timeOf(given, now);
  return {
    subject: subjectOf(given),
    codings: codingsOf(given),
    ...(period && { period }),
    statistics: statisticsOf(given),
    ...sourcesOf(given),
  };
}
