/** `_sort=status,-date`: search parameters, a minus before those that descend. https://hl7.org/fhir/R4/search.html#sort */
import { malformed, refused } from './malformed.ts';
import { commonParameter } from './parse-parameter.ts';
import type { ShapingContext } from './read-include.ts';
import type { Sort } from './search-query.ts';

const maximumKeys = 8;

/** Values of these types have an order. */
const sortable: ReadonlySet<string> = new Set(['date', 'number', 'quantity', 'string', 'token', 'uri']);

function readKey(text: string, { types, scope, name }: ShapingContext): Sort {
  const descending = text.startsWith('-');
  const code = descending ? text.slice(1) : text;
  const parameter = commonParameter(types, code, scope);
  if (!parameter) throw refused(name, 'results are sorted by search parameters of what is searched');
  const isColumn = code === '_id' || code === '_lastUpdated';
  if (!sortable.has(parameter.type) || !(parameter.expression || isColumn)) {
    throw refused(name, `values of type ${parameter.type} have no order`);
  }
  if (types.length > 1 && !isColumn) throw refused(name, 'several types are sorted by _id and _lastUpdated only');
  const [type = ''] = types;
  return {
    code,
    parameterType: parameter.type,
    descending,
    isSingle: isColumn || scope.shapes.isSingle(type, parameter),
  };
}

/** Throws a FhirError 400 for what cannot be sorted by. */
export function readSort(value: string, context: ShapingContext): readonly Sort[] {
  const keys = value.split(',');
  if (keys.length > maximumKeys) throw malformed(context.name, `at most ${maximumKeys} search parameters`);
  if (new Set(keys.map((key) => key.replace(/^-/, ''))).size < keys.length)
    throw malformed(context.name, 'search parameters, each once');
  return keys.map((key) => readKey(key, context));
}
