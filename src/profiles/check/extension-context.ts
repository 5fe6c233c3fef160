/** Where an extension may stand. https://hl7.org/fhir/R4/defining-extensions.html#context */
import type { StructureDefinition } from 'fhir/r4.js';
import type { ElementModel } from '../../fhir/element-model.ts';
import { contextErrata } from './context-errata.ts';
import { isKindOf } from '../../fhirpath/type-hierarchy.ts';

export interface ExtensionPlace {
  /** Path of the element that has the extension, without indexes: `Patient`, `Patient.name`. */
  readonly path: string;
  /** FHIR type of that element: `HumanName`, `string`, `Patient.contact`. */
  readonly type: string;
  /** URL of the extension that it stands in, if it stands in one. */
  readonly within?: string | undefined;
}

function matches(expression: string, { path, type }: ExtensionPlace, elements: ElementModel): boolean {
  if (expression === 'Element' || expression === path || expression === type) return true;
  if (isKindOf(type, expression, elements)) return true;
  const [root = '', ...rest] = expression.split('.');
  // `HumanName.family`, wherever a HumanName stands, and `Resource.meta` of any resource
  if (rest.length === 0) return false;
  const tail = `.${rest.join('.')}`;
  if (!path.endsWith(tail)) return false;
  const before = path.slice(0, -tail.length);
  return (
    before === root || (!before.includes('.') && isKindOf(before, root, elements)) || isTypeAt(before, root, elements)
  );
}

/** The type of the element at a path that starts with a resource type. */
function isTypeAt(path: string, wanted: string, elements: ElementModel): boolean {
  const [root = '', ...names] = path.split('.');
  let type = root;
  for (const name of names) {
    const found = elements.type(type)?.elements[name];
    if (!found || found.types.length !== 1) return false;
    type = found.types[0] ?? '';
  }
  return isKindOf(type, wanted, elements);
}

/** True when one of the contexts is where the extension stands, without those in FHIRPath. */
export function isAllowedAt(
  { url, context = [] }: StructureDefinition,
  place: ExtensionPlace,
  elements: ElementModel,
): boolean {
  if (context.length === 0) return true;
  if (contextErrata.get(url)?.some((expression) => matches(expression, place, elements))) return true;
  return context.some(({ type, expression }) => {
    if (type === 'fhirpath') return false;
    if (type === 'extension') return place.within === expression;
    return matches(expression, place, elements);
  });
}

/** `isAllowedAt` with a memory: whoever asks of the same element again passes the same object for it, and places inside extensions are asked anew. */
export class AllowedPlaces {
  readonly #elements: ElementModel;
  readonly #known = new WeakMap<StructureDefinition, WeakMap<ExtensionPlace, boolean>>();

  constructor(elements: ElementModel) {
    this.#elements = elements;
  }

  allows(definition: StructureDefinition, place: ExtensionPlace): boolean {
    const ofDefinition = this.#known.get(definition) ?? new WeakMap<ExtensionPlace, boolean>();
    this.#known.set(definition, ofDefinition);
    const known = ofDefinition.get(place) ?? isAllowedAt(definition, place, this.#elements);
    ofDefinition.set(place, known);
    return known;
  }
}
