/** `_sort=status,-date`: search parameters, a minus before those that descend. https://hl7.org/fhir/R4/search.html#sort */
import { malformed, refused } from './malformed.ts';
import { commonParameter } from './parse-parameter.ts';
import type { ShapingContext } from './read-include.ts';
import type { Sort } from './search-query.ts';

const maximumKeys = 8;

/** Values of these types have an order. */
const sortable: ReadonlySet<string> = new Set(['date', 'number', 'quantity', 'string', 'token', 'uri']);

/** Tokens are sorted by what is written beside them. */
const withoutText: ReadonlySet<string> = new Set(['Identifier', 'ContactPoint']);

function readKey(text: string, { types, scope, name }: ShapingContext): Sort {
  const descending = text.startsWith('-');
  const code = descending ? text.slice(1) : text;
  const parameter = commonParameter(types, code, scope);
  if (!parameter) throw refused(name, 'results are sorted by search parameters of what is searched');
  const isColumn = code === '_id' || code === '_lastUpdated';
  if (!sortable.has(parameter.type) || !(parameter.expression || isColumn)) {
    throw refused(name, `values of type ${parameter.type} have no order`);
  }
  const [type = ''] = types;
  if (scope.shapes.typesOf(type, code)?.some((one) => withoutText.has(one)) === true) {
    throw refused(name, 'identifiers and contact points have no order');
  }
  if (types.length > 1 && !isColumn) throw refused(name, 'several types are sorted by _id and _lastUpdated only');
  return {
    code,
    parameterType: parameter.type,
    descending,
    isSingle: isColumn || scope.shapes.isSingle(type, parameter),
  };
}

/** What is sorted by first, and then by the value. Throws a FhirError 400 for what cannot be sorted by. */
export function readSort(value: string, before: readonly Sort[], context: ShapingContext): readonly Sort[] {
  const keys = [...before, ...value.split(',').map((key) => readKey(key, context))];
  if (keys.length > maximumKeys) throw malformed(context.name, `at most ${maximumKeys} search parameters`);
  if (new Set(keys.map(({ code }) => code)).size < keys.length)
    throw malformed(context.name, 'search parameters, each once');
  return keys;
}
