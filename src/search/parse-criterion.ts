/** One parameter that chooses resources: `code`, `code:modifier` and its value. https://hl7.org/fhir/R4/search.html#parameters */
import type { SearchParameter } from '../fhir/search-parameter.ts';
import { malformed, refused } from './malformed.ts';
import type { Criterion } from './search-query.ts';
import type { ParseContext } from './search-type.ts';
import { splitValue } from './split-value.ts';
import { searchTypes } from './types/index.ts';

const maximumAlternatives = 500;

/** What a criterion is read with, beside its value. */
export interface CriterionContext extends Pick<ParseContext, 'name' | 'baseUrl' | 'now'> {
  readonly parameter: SearchParameter;
  readonly modifier?: string;
}

function alternativesOf(value: string, name: string): readonly string[] {
  const alternatives = splitValue(value, ',');
  if (alternatives.includes('')) throw malformed(name, 'complete; no alternative may be empty');
  if (alternatives.length > maximumAlternatives) throw malformed(name, `at most ${maximumAlternatives} alternatives`);
  return alternatives;
}

/** Reads the value by the type of the parameter. Throws a FhirError 400 that names the parameter. */
export function parseCriterion(value: string, context: CriterionContext): Criterion {
  const { parameter, modifier, name } = context;
  const searchType = searchTypes[parameter.type];
  if (!searchType) throw refused(name, `parameters of type ${parameter.type} are not searched`);
  if (modifier !== undefined && searchType.takesModifier?.(modifier, parameter) !== true) {
    throw refused(name, `there is no such modifier of a ${parameter.type} parameter here`);
  }
  return { code: parameter.code, match: searchType.parse(alternativesOf(value, name), context) };
}
