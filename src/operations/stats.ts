/** `Observation/$stats`: statistics of what was measured in a subject. https://hl7.org/fhir/R4/observation-operation-stats.html */
import { FhirError } from '../fhir/fhir-error.ts';
import type { Context, Interaction } from '../interactions/interaction.ts';
import { gatherMeasurements } from './gather-measurements.ts';
import { type Group, inOneUnit, type Measured } from './measurements.ts';
import { tooCostly } from './observations.ts';
import type { Operation } from './operation.ts';
import { operationInput } from './operation-input.ts';
import { type Measure, type Statistic, statistics } from './statistics.ts';
import { statsRequest } from './stats-input.ts';
import { ucumSystem } from '../fhir/ucum.ts';

/** Digits that survive the arithmetic of doubles. */
const significantDigits = 12;

const statisticSystem = 'http://terminology.hl7.org/CodeSystem/observation-statistics';
const notApplicable = {
  coding: [{ system: 'http://terminology.hl7.org/CodeSystem/data-absent-reason', code: 'not-applicable' }],
};

/** The square of a unit is written as a product, because UCUM has no powers of what is put together; some units have none. */
function unitOf(measure: Measure, { code, unit: name = code }: Measured, { canonicalUnit }: Context): object {
  if (measure === 'unit') return { unit: name, system: ucumSystem, code };
  const square = `(${code}).(${code})`;
  return { unit: `(${name})²`, ...(canonicalUnit(square) && { system: ucumSystem, code: square }) };
}

const one = { unit: '1', system: ucumSystem, code: '1' };

function componentOf(code: string, { display }: Statistic, value: object) {
  return { code: { coding: [{ system: statisticSystem, code, display }], text: display }, ...value };
}

/** One component for each statistic; one without a value says so. */
function componentsOf({ values, total }: Group, codes: readonly string[], context: Context): readonly object[] {
  const measured = inOneUnit(values, context.canonicalUnit);
  if (!measured) {
    const diagnostics = 'Observations of one code have units that cannot be converted into each other';
    throw new FhirError(422, [{ severity: 'error', code: 'processing', diagnostics }]);
  }
  const { unit, numbers } = measured;
  const sample = { sorted: numbers.toSorted((less, more) => less - more), total };
  return codes.flatMap((code) => {
    const statistic = statistics.get(code);
    if (!statistic) return [];
    const { measure, of } = statistic;
    const number = of(sample);
    if (number === undefined || !Number.isFinite(number)) {
      return componentOf(code, statistic, { dataAbsentReason: notApplicable });
    }
    const value = Number(number.toPrecision(significantDigits));
    const units = measure === 'number' || !unit ? one : unitOf(measure, unit, context);
    return componentOf(code, statistic, { valueQuantity: { value, ...units } });
  });
}

/** The sources as they are stored. */
function parametersText(observations: readonly object[], sources: readonly string[]): string {
  const parameters = [
    ...observations.map((resource) => JSON.stringify({ name: 'statistics', resource })),
    ...sources.map((text) => `{"name":"source","resource":${text}}`),
  ];
  return `{"resourceType":"Parameters","parameter":[${parameters.join()}]}`;
}

const run: Interaction = async (input, context) => {
  const request = statsRequest(operationInput(input), context.now());
  const { subject, period, isComplete } = request;
  const { groups, sources, patients } = await gatherMeasurements(request, context);
  if (isComplete && sources.length > request.sources) {
    throw tooCostly(`More than ${request.sources} Observations would be included: give a limit`);
  }
  const observations = groups.map((group) => ({
    resourceType: 'Observation',
    status: 'final',
    code: { coding: [group.coding] },
    subject: { reference: subject },
    ...(period && { effectivePeriod: period }),
    component: componentsOf(group, request.statistics, context),
  }));
  return { status: 200, text: parametersText(observations, sources.slice(0, request.sources)), patients };
};

export const stats: Operation = {
  code: 'stats',
  definition: 'http://hl7.org/fhir/OperationDefinition/Observation-stats',
  levels: ['type'],
  types: ['Observation'],
  permission: 'search-type',
  run,
};
