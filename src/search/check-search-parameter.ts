/** Whether a SearchParameter resource can be searched by here. https://hl7.org/fhir/R4/searchparameter.html */
import type { ElementModel } from '../fhir/element-model.ts';
import { FhirError } from '../fhir/fhir-error.ts';
import type { Issue } from '../fhir/issue.ts';
import type { SearchParameter } from '../fhir/search-parameter.ts';
import { compilePath } from '../fhirpath/compile-path.ts';
import { interpretPath } from '../fhirpath/interpreted-path.ts';
import { componentsOf, compositeShape } from './composites.ts';
import type { SearchParameters } from './parameters.ts';
import { supportedSearchTypes } from './types/index.ts';

interface Options {
  readonly parameters: SearchParameters;
  readonly elements: ElementModel;
}

const issue = (element: string, diagnostics: string): Issue => ({
  severity: 'error',
  code: 'business-rule',
  diagnostics,
  expression: [`SearchParameter.${element}`],
});

function checkExpression({ expression, base }: SearchParameter, elements: ElementModel): readonly Issue[] {
  if (expression === undefined) return [issue('expression', 'Without an expression nothing can be indexed')];
  try {
    for (const type of base) {
      if (!compilePath(expression, type, elements)) interpretPath(expression, type, elements);
    }
    return [];
  } catch (error) {
    if (error instanceof FhirError)
      return [issue('expression', error.issues[0]?.diagnostics ?? 'This is not FHIRPath')];
    throw error;
  }
}

function checkCode({ code, url, base }: SearchParameter, parameters: SearchParameters): readonly Issue[] {
  if (!/^[a-zA-Z][a-zA-Z0-9-]*$/.test(code)) {
    return [issue('code', 'A search parameter is named by letters, digits and hyphens')];
  }
  const other = base.map((type) => parameters.forType(type).get(code)).find((one) => one && one.url !== url);
  return other ? [issue('code', 'Another search parameter of one of these types has this code')] : [];
}

function checkComponents(parameter: SearchParameter, parameters: SearchParameters): readonly Issue[] {
  const components = componentsOf(parameter, parameters);
  if (!components) return [issue('component', 'A composite has two or more components, each a known search parameter')];
  const isKept = compositeShape(components) !== undefined;
  return isKept ? [] : [issue('component', 'A composite may have one date, number, quantity or string, at its end')];
}

/** The reasons why it cannot; none when it can, or is one of R4's own. */
export function checkSearchParameter(parameter: SearchParameter, { parameters, elements }: Options): readonly Issue[] {
  const { url, type, base } = parameter;
  // R4's own are used as they are bundled, whatever a client stores under their name
  if (parameters.isOfficial(url)) return [];
  const unknown = base.find((name) => elements.type(name)?.kind !== 'resource');
  if (unknown !== undefined) return [issue('base', 'A search parameter is about resource types of R4')];
  if (type === 'composite') {
    return [
      ...checkCode(parameter, parameters),
      ...checkExpression(parameter, elements),
      ...checkComponents(parameter, parameters),
    ];
  }
  if (type === 'special' || !supportedSearchTypes.has(type))
    return [issue('type', `Parameters of type ${type} are not indexed`)];
  return [...checkCode(parameter, parameters), ...checkExpression(parameter, elements)];
}
