/** What a search is read with: the parameters of this server, and what is known of their values. */
import type { ElementModel } from '../fhir/element-model.ts';
import type { SearchParameter } from '../fhir/search-parameter.ts';
import type { CanonicalUnitOf } from './canonical-quantity.ts';
import type { Token } from './match.ts';
import type { SearchParameters } from './parameters.ts';
import { pathShape } from './path-shape.ts';
import type { FullText } from './words/full-text.ts';
import { createSearchPaths } from './search-paths.ts';

/** Codes for `:in`, `:above` and `:below`. Undefined for a value set or code system that is not known. */
export interface CodeLookups {
  /** The codes of a value set. */
  membersOf(valueSet: string): readonly Token[] | undefined;
  /** The code, and those below or above it. */
  relatives(token: Token, direction: 'above' | 'below'): readonly Token[] | undefined;
}

/** What is known of a parameter's values without looking at any. */
export interface ValueShapes {
  /** True when a resource has at most one value. */
  isSingle(type: string, parameter: SearchParameter): boolean;
  /** The FHIR types of values; undefined when only running the expression can tell. */
  typesOf(type: string, code: string): readonly string[] | undefined;
}

export interface SearchScope {
  readonly registry: SearchParameters;
  readonly elements: ElementModel;
  readonly shapes: ValueShapes;
  readonly codes: CodeLookups;
  readonly canonicalUnit: CanonicalUnitOf;
  /** What is indexed of texts. */
  readonly fullText: FullText;
  /** Of this server, without a slash at the end. */
  readonly baseUrl?: string;
  /** What `ap` measures from. */
  readonly now: Date;
}

/** Strings of these types are one row; names and addresses have one for each part. */
const plainTexts: ReadonlySet<string> = new Set(['string', 'markdown', 'code', 'id']);

/** Works out each parameter once. */
export function createValueShapes(elements: ElementModel, registry: SearchParameters): ValueShapes {
  const paths = createSearchPaths({ elements }, registry);
  const known = new Map<string, boolean>();
  const typesOf = (type: string, code: string) => paths(type, code)?.types;

  function shapeOf(type: string, { code, type: parameterType, expression }: SearchParameter): boolean {
    if (
      expression === undefined ||
      !['date', 'number', 'quantity', 'string', 'uri', 'reference'].includes(parameterType)
    )
      return false;
    const isPlain = parameterType !== 'string' || typesOf(type, code)?.every((one) => plainTexts.has(one)) === true;
    // a canonical is kept with its version and without
    const isOneRow = parameterType !== 'uri' || typesOf(type, code)?.includes('canonical') === false;
    return isPlain && isOneRow && pathShape(expression, type, elements).isSingle;
  }

  return {
    typesOf,
    isSingle(type, parameter) {
      const key = `${type}?${parameter.url}`;
      const isSingle = known.get(key) ?? shapeOf(type, parameter);
      known.set(key, isSingle);
      return isSingle;
    },
  };
}
