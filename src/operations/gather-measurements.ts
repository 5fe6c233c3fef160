/** The Observations that statistics are made of: those with the codes that were asked for, and the members of panels among them. https://hl7.org/fhir/R4/observation-operation-stats.html */
import type { Context, Parameters } from '../interactions/interaction.ts';
import { readQuery } from '../interactions/search/read-query.ts';
import { membersOf, type Shape } from '../search/shapes.ts';
import { escapeValue } from '../search/split-value.ts';
import { type Group, Measurements } from './measurements.ts';
import { maximumObservations, readAll, tooCostly } from './observations.ts';
import type { StatsRequest } from './stats-input.ts';

const pageSize = '1000';
/** Panels within panels. */
const maximumRounds = 10;
/** Ids of one search. */
const idsAtOnce = 200;

/** What is asked of each Observation that counts. */
function criteriaOf({ subject, period }: StatsRequest): Parameters {
  const { start, end } = period ?? {};
  return [
    ['subject', escapeValue(subject)],
    ['status:not', 'entered-in-error'],
    ...(start === undefined ? [] : [['date', `ge${start}`] as const]),
    ...(end === undefined ? [] : [['date', `le${end}`] as const]),
    ['_sort', '-date'],
    ['_count', pageSize],
  ];
}

export interface Gathered {
  readonly groups: readonly Group[];
  /** Texts of Observations of which a value counts: as many as are wanted and one more, the latest first. */
  readonly sources: readonly string[];
  /** Logical ids of the Patients that any of it is about. */
  readonly patients: readonly string[];
}

class Gathering {
  readonly #request: StatsRequest;
  readonly #context: Context;
  readonly #measurements: Measurements;
  readonly #sources: string[] = [];
  readonly #patients = new Set<string>();
  #count = 0;

  constructor(request: StatsRequest, context: Context) {
    this.#request = request;
    this.#context = context;
    this.#measurements = new Measurements(request.codings);
  }

  /** Takes what a criterion finds, and returns the ids of the members of its panels. */
  async #take(criterion: readonly [string, string], isMember: boolean): Promise<readonly string[]> {
    const { baseUrl } = this.#context.settings;
    const parameters = [...criteriaOf(this.#request), criterion];
    const query = await readQuery({ types: ['Observation'], parameters, handling: 'strict' }, this.#context);
    const members: string[] = [];
    for await (const { text = '{}', patients } of readAll(query, this.#context)) {
      this.#count += 1;
      if (this.#count > maximumObservations) throw tooCostly('Too many Observations are members of the panels');
      const observation: Shape = membersOf(JSON.parse(text));
      for (const patient of patients) this.#patients.add(patient);
      const counts = this.#measurements.add(observation, isMember);
      if (counts && this.#sources.length <= this.#request.sources) this.#sources.push(text);
      members.push(...this.#measurements.membersOf(observation, { isMember, baseUrl }));
    }
    return members;
  }

  async #takeMembers(ids: readonly string[]): Promise<readonly string[]> {
    const members: string[] = [];
    for (let first = 0; first < ids.length; first += idsAtOnce) {
      members.push(...(await this.#take(['_id', ids.slice(first, first + idsAtOnce).join()], true)));
    }
    return members;
  }

  async gather(): Promise<Gathered> {
    const codes = this.#request.codings.map(({ system, code }) => `${escapeValue(system)}|${escapeValue(code)}`);
    let members = await this.#take(['combo-code', codes.join()], false);
    for (let round = 0; members.length > 0; round += 1) {
      if (round === maximumRounds) throw tooCostly(`Panels are followed ${maximumRounds} steps far`);
      members = await this.#takeMembers([...new Set(members)]);
    }
    return { groups: this.#measurements.groups(), sources: this.#sources, patients: [...this.#patients] };
  }
}

/** Throws a FhirError 422 when there are too many to go through. */
export const gatherMeasurements = (request: StatsRequest, context: Context): Promise<Gathered> =>
  new Gathering(request, context).gather();
