/** SearchParameter resources are stored only when they can be searched by. https://hl7.org/fhir/R4/searchparameter.html */
import { toSearchParameter } from '../../fhir/search-parameter.ts';
import type { ElementModel } from '../../fhir/element-model.ts';
import { checkSearchParameter } from '../../search/check-search-parameter.ts';
import type { SearchParameters } from '../../search/parameters.ts';
import type { Services } from '../interaction.ts';

interface Options {
  readonly parameters: SearchParameters;
  readonly elements: ElementModel;
}

/** Validation that also says whether an active SearchParameter is one that this server can use. */
export function withSearchParameters(validate: Services['validate'], options: Options): Services['validate'] {
  return (resource, request) => {
    const issues = validate(resource, request);
    if (resource.resourceType !== 'SearchParameter') return issues;
    const parameter = toSearchParameter(resource);
    return parameter ? [...issues, ...checkSearchParameter(parameter, options)] : issues;
  };
}
