/** `_elements` and `_summary`: what of each resource is returned. https://hl7.org/fhir/R4/search.html#summary */
import { malformed } from './malformed.ts';
import type { ShapingContext } from './read-include.ts';
import type { Shaping } from './shaping.ts';
import type { Subset } from './subset/subset.ts';

/** An element at the top of one of the types: `name`, or `Patient.name` for that type alone. */
function isElement(text: string, { types, scope }: ShapingContext): boolean {
  const [, type, element = ''] = /^(?:([A-Z]\w*)\.)?([a-z]\w*)$/.exec(text) ?? [];
  const searched = type === undefined ? types : types.filter((one) => one === type);
  return searched.some((one) => Object.hasOwn(scope.elements.type(one)?.elements ?? {}, element));
}

/** Throws a FhirError 400. */
export function readElements(value: string, before: Subset | undefined, context: ShapingContext): Subset {
  const { name } = context;
  if (before?.kind === 'summary') throw malformed(name, 'given without _summary');
  const elements = value.split(',').map((element) => element.trim());
  if (!elements.every((element) => isElement(element, context))) {
    throw malformed(name, 'names of elements of the resource itself, with commas between them');
  }
  return { kind: 'elements', elements: [...(before?.elements ?? []), ...elements] };
}

/** `count` is the number of matches alone, `false` the whole of each resource. */
export function readSummary(value: string, shaping: Shaping, { name }: ShapingContext): Partial<Shaping> {
  if (shaping.subset) throw malformed(name, 'given without _elements');
  switch (value) {
    case 'true':
    case 'text':
    case 'data':
      return { subset: { kind: 'summary', mode: value } };
    case 'count':
      return { count: 0 };
    case 'false':
      return {};
    default:
      throw malformed(name, 'true, text, data, count or false');
  }
}
