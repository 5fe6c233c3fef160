/** FHIR search of several resource types: `?_type=Patient,Observation&_lastUpdated=…`. https://hl7.org/fhir/R4/http.html#search */
import { invalid } from '../../fhir/fhir-error.ts';
import { isApart, refuseApart } from '../../search/audit-events.ts';
import type { Interaction, Parameters } from '../interaction.ts';
import { answerSearch } from './answer-search.ts';
import { readQuery } from './read-query.ts';

/** The types that `_type` names, each once; all of them without it. Throws a FhirError 400. */
export function wantedTypes(parameters: Parameters, all: Iterable<string>): readonly string[] {
  const known = new Set(all);
  const named = parameters.filter(([name]) => name === '_type').flatMap(([, value]) => value.split(','));
  for (const type of named) refuseApart(type, '_type');
  if (named.some((type) => !known.has(type))) {
    throw invalid('The value of _type must be resource types that can be here', 'http._type');
  }
  return named.length > 0 ? [...new Set(named)] : [...known].filter((type) => !isApart(type));
}

export const searchSystem: Interaction = async ({ parameters, prefer }, context) => {
  const types = wantedTypes(parameters, context.definitions.resourceTypes.keys());
  const query = await readQuery({ types, parameters, handling: prefer.handling }, context);
  return answerSearch(query, '', context);
};
