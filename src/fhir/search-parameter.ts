/** The search parameter registry's vocabulary: `schemas/r4/search-parameters.json` as the rooms see it. https://hl7.org/fhir/R4/searchparameter.html */
export type SearchParameterType =
  | 'number'
  | 'date'
  | 'string'
  | 'token'
  | 'reference'
  | 'composite'
  | 'quantity'
  | 'uri'
  | 'special';

export interface SearchParameter {
  readonly url: string;
  readonly code: string;
  readonly type: SearchParameterType;
  /** Resource types it applies to; `Resource` and `DomainResource` mean all (of that kind). */
  readonly base: readonly string[];
  /** FHIRPath; absent for special parameters. */
  readonly expression?: string;
  /** For references: the types it may point to. */
  readonly target?: readonly string[];
  /** For composites: canonical URL and relative expression of each part. */
  readonly component?: readonly { readonly definition: string; readonly expression: string }[];
}

const types: ReadonlySet<unknown> = new Set<SearchParameterType>([
  'number',
  'date',
  'string',
  'token',
  'reference',
  'composite',
  'quantity',
  'uri',
  'special',
]);

const isType = (value: unknown): value is SearchParameterType => types.has(value);
const isText = (value: unknown): value is string => typeof value === 'string' && value !== '';
const texts = (value: unknown): readonly string[] => (Array.isArray(value) ? value.filter(isText) : []);

type Component = { readonly definition: string; readonly expression: string };

function components(value: unknown): readonly Component[] {
  const all: readonly unknown[] = Array.isArray(value) ? value : [];
  return all.filter((one): one is Component => {
    const { definition, expression } = (one ?? {}) as Partial<Component>;
    return isText(definition) && isText(expression);
  });
}

/** Undefined for what nothing can be searched by: without url, code, type or base, or not active. */
export function toSearchParameter(resource: object): SearchParameter | undefined {
  const { url, code, type, base, status, expression, target, component } = resource as Record<string, unknown>;
  const bases = texts(base);
  if (!isText(url) || !isText(code) || !isType(type) || bases.length === 0 || status !== 'active') return undefined;
  const targets = texts(target);
  const parts = components(component);
  return {
    url,
    code,
    type,
    base: bases,
    ...(isText(expression) && { expression }),
    ...(targets.length > 0 && { target: targets }),
    ...(parts.length > 0 && {
      component: parts.map(({ definition, expression }) => ({ definition, expression })),
    }),
  };
}
