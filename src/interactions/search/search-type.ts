/** FHIR search of one resource type. https://hl7.org/fhir/R4/http.html#search */
import { typeOf } from '../identity.ts';
import type { Interaction } from '../interaction.ts';
import { answerSearch } from './answer-search.ts';
import { readQuery } from './read-query.ts';

export const searchType: Interaction = async (input, context) => {
  const { parameters, prefer } = input;
  const type = typeOf(input);
  const query = await readQuery({ types: [type], parameters, handling: prefer.handling }, context);
  return answerSearch(query, type, context);
};
