/** `$everything` of a Patient or an Encounter: its compartment, itself, and what these refer to, in pages. https://hl7.org/fhir/R4/patient-operation-everything.html */
import { gone, invalid, notFound } from '../fhir/fhir-error.ts';
import type { ResourceIdentity } from '../fhir/resource.ts';
import { identityOf } from '../interactions/identity.ts';
import type { Context, Input, Interaction, Parameters } from '../interactions/interaction.ts';
import { answerSearch } from '../interactions/search/answer-search.ts';
import { readQuery } from '../interactions/search/read-query.ts';
import { inCompartment, typesOfCompartment } from '../interactions/search/search-compartment.ts';
import { wantedTypes } from '../interactions/search/search-system.ts';
import { readInstantRange } from '../search/date-range.ts';
import type { Condition } from '../search/condition.ts';
import type { Comparison } from '../search/match.ts';
import type { Include, SearchQuery } from '../search/search-query.ts';
import type { Operation } from './operation.ts';
import { operationInput } from './operation-input.ts';

const own: ReadonlySet<string> = new Set([
  'start',
  'end',
  '_since',
  '_type',
  '_count',
  '_cursor',
  '_format',
  '_pretty',
]);

/** When care was given, where the search parameter has another name than `date`. */
const careDates: Readonly<Record<string, string>> = {
  CarePlan: 'date',
  Claim: 'created',
  Condition: 'onset-date',
  DeviceRequest: 'event-date',
  ExplanationOfBenefit: 'created',
  MedicationAdministration: 'effective-time',
  MedicationDispense: 'whenhandedover',
  MedicationRequest: 'authoredon',
  MedicationStatement: 'effective',
  ServiceRequest: 'occurrence',
};

function valueOf(parameters: Parameters, name: string): string | undefined {
  const values = parameters.filter(([given]) => given === name);
  if (values.length > 1) throw invalid(`${name} can be given once`, `http.${name}`);
  return values[0]?.[1];
}

/** The parameters of the URL or of a Parameters resource, which are the same here. */
function parametersOf(input: Input): Parameters {
  if (!input.body && !input.document) return input.parameters;
  const { parameters } = operationInput(input);
  return parameters.flatMap(({ name, value }) =>
    typeof value === 'string' || typeof value === 'number' ? [[name, String(value)] as const] : [],
  );
}

/** Care that began before the period or goes on after it was given within it as well: only one end of each date counts. */
function comparisonsOf(parameters: Parameters): readonly Comparison<string>[] {
  const [start, end] = [valueOf(parameters, 'start'), valueOf(parameters, 'end')];
  const first = start === undefined ? undefined : readInstantRange(start, 'http.start').low;
  const last = end === undefined ? undefined : readInstantRange(end, 'http.end').high;
  return [
    ...(first === undefined ? [] : [{ prefix: 'ge' as const, low: first, high: first }]),
    ...(last === undefined ? [] : [{ prefix: 'le' as const, low: last, high: last }]),
  ];
}

/** Between the dates of care, for those types that have one; a resource without a date is not left out. */
function ofTime(parameters: Parameters, types: readonly string[], { searchParameters }: Context): readonly Condition[] {
  const comparisons = comparisonsOf(parameters);
  if (comparisons.length === 0) return [];
  const dated = types.flatMap((type) => {
    const code = careDates[type] ?? 'date';
    return searchParameters.forType(type).get(code)?.type === 'date' ? [{ type, code }] : [];
  });
  const timeless = types.filter((type) => !dated.some((one) => one.type === type));
  const conditions = dated.map(({ type, code }): Condition => {
    const date = (match: Extract<Condition, { kind: 'parameter' }>['match']): Condition => ({
      kind: 'parameter',
      types: [type],
      code,
      parameterType: 'date',
      match,
      isSingle: false,
    });
    const within = comparisons.map((comparison) => date({ kind: 'date', comparisons: [comparison] }));
    const missing: Condition = { kind: 'not', condition: date({ kind: 'present' }) };
    const inTime: Condition = { kind: 'any', conditions: [missing, { kind: 'all', conditions: within }] };
    return { kind: 'all', conditions: [{ kind: 'ofTypes', types: [type] }, inTime] };
  });
  return [
    {
      kind: 'any',
      conditions: [...conditions, ...(timeless.length > 0 ? [{ kind: 'ofTypes' as const, types: timeless }] : [])],
    },
  ];
}

/** What the record refers to; of the types that are named, if any are. */
function includesOf(parameters: Parameters, types: readonly string[]): readonly Include[] {
  const any: Include = { type: '*', code: '*', iterate: false };
  const isNamed = parameters.some(([name]) => name === '_type');
  return isNamed ? types.map((target) => ({ ...any, target })) : [any];
}

async function checkExists(identity: ResourceIdentity, context: Context): Promise<void> {
  const version = await context.store.read(identity);
  if (!version) throw notFound(`There is no such ${identity.type}`);
  if (version.deleted) throw gone(`This ${identity.type} was deleted`);
}

const run: Interaction = async (input, context) => {
  const identity = identityOf(input);
  const parameters = parametersOf(input);
  const unknown = parameters.find(([name]) => !own.has(name));
  if (unknown)
    throw invalid(`$everything has no parameter ${unknown[0].slice(0, 64)}`, `http.${unknown[0].slice(0, 64)}`);
  await checkExists(identity, context);
  const types = wantedTypes(parameters, typesOfCompartment(identity.type, context));
  const wanted = valueOf(parameters, '_since');
  const since = wanted === undefined ? undefined : readInstantRange(wanted, 'http._since').low;
  const within = [inCompartment(identity, types, context), ...ofTime(parameters, types, context)];
  const passed = parameters.filter(([name]) => name === '_count' || name === '_cursor');
  const asked: Parameters = since === undefined ? passed : [...passed, ['_lastUpdated', `ge${since}`]];
  const query = await readQuery({ types, parameters: asked, handling: 'strict', within }, context);
  const whole: SearchQuery = {
    ...query,
    applied: parameters.filter(([name]) => name !== '_cursor'),
    includes: includesOf(parameters, types),
    ...(since !== undefined && { includedSince: since }),
  };
  return answerSearch(whole, `${identity.type}/${identity.id}/$everything`, context);
};

export const everythingOfPatient: Operation = {
  code: 'everything',
  definition: 'http://hl7.org/fhir/OperationDefinition/Patient-everything',
  levels: ['instance'],
  types: ['Patient'],
  permission: 'read',
  run,
};

export const everythingOfEncounter: Operation = {
  ...everythingOfPatient,
  definition: 'http://hl7.org/fhir/OperationDefinition/Encounter-everything',
  types: ['Encounter'],
};
