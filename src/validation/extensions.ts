/** Extensions against their definitions: the type of their value, and where they may stand. https://hl7.org/fhir/R4/extensibility.html */
import type { ElementModel } from '../fhir/element-model.ts';
import { type Issue, isError } from '../fhir/issue.ts';
import { valueAt } from '../profiles/check/context-rules.ts';
import type { ProfileCheck } from '../profiles/check/create-profile-check.ts';
import type { CheckContext, Found } from './check-context.ts';
import { follow, type Place } from './expression.ts';

interface Options {
  readonly definitions: { readonly elements: ElementModel };
  readonly profiles: ProfileCheck;
  readonly places: ElementPlaces;
}

/** What a server that does not know a modifier extension cannot know: what the element means. */
const unknownModifier = (expression: string): Issue => ({
  severity: 'warning',
  code: 'extension',
  diagnostics: 'The definition of this modifier extension is not known here',
  expression: [expression],
});

const unknownExtension = (expression: string): Issue => ({
  severity: 'information',
  code: 'extension',
  diagnostics: 'The definition of this extension is not known here: it was not checked',
  expression: [expression],
});

function issuesOf(found: Found, context: CheckContext, start: Place, options: Options): readonly Issue[] {
  const { definitions, profiles } = options;
  const { value, instancePath } = found;
  const url = value['url'];
  if (typeof url !== 'string') return [];
  if (!url.includes(':')) return partIssues(found, start, definitions.elements);
  if (!context.wantsWarnings && !profiles.isKnown(url)) return [];
  const use = useOf(found, start.type, context, options);
  const issues = profiles.checkExtension(value, use);
  if (issues !== 'unknown' && issues.length === 0) return issues;
  // few have issues, and only those need to say where they are
  const { expression } = follow(definitions.elements, start, instancePath);
  if (issues !== 'unknown') return profiles.checkExtension(value, { ...use, expression }) as readonly Issue[];
  return [use.isModifier ? unknownModifier(expression) : unknownExtension(expression)];
}

/** The parts of a complex extension are checked with the whole; nothing else has a url that is relative. */
function partIssues({ instancePath }: Found, start: Place, elements: ElementModel): readonly Issue[] {
  if (extensionAt.test(parentOf(instancePath))) return [];
  const { expression } = follow(elements, start, instancePath);
  const diagnostics = 'The url of an extension is absolute, but for the parts of another extension';
  return [{ severity: 'error', code: 'extension', diagnostics, expression: [expression] }];
}

/** The pointer of what has the extension at the pointer. */
const parentOf = (pointer: string): string => pointer.slice(0, pointer.lastIndexOf('/', pointer.lastIndexOf('/') - 1));

function useOf({ instancePath }: Found, type: string, context: CheckContext, { places }: Options) {
  const { resource, rootResource, resolve, wantsWarnings } = context;
  const parent = parentOf(instancePath);
  const isModifier = instancePath.startsWith('modifier', parent.length + 1);
  const plain = places.of(type, parent);
  const within = urlAround(resource, parent);
  const place = within === undefined ? plain : { path: plain.path, type: plain.type, within };
  return { place, isModifier, pointer: parent, resource, rootResource, resolve, wantsWarnings, expression: '' };
}

/** The url of the extension that the pointer leads to. */
function urlAround(resource: object, pointer: string): string | undefined {
  // most pointers end in a name, and those need no expression
  const last = pointer.codePointAt(pointer.length - 1) ?? 0;
  if (last < 0x30 || last > 0x39 || !extensionAt.test(pointer)) return undefined;
  const around = valueAt(resource, pointer.slice(1).split('/')) as { readonly url?: unknown } | null | undefined;
  return typeof around?.url === 'string' ? around.url : undefined;
}

const extensionAt = /\/(?:extension|modifierExtension)\/\d+$/;

interface ElementPlace {
  readonly path: string;
  readonly type: string;
}

/** Elements as definitions call them: `Patient.name`, whatever its index; and their types. */
export class ElementPlaces {
  readonly #elements: ElementModel;
  readonly #known = new Map<string, Map<string, ElementPlace>>();

  constructor(elements: ElementModel) {
    this.#elements = elements;
  }

  /** Of the element that the pointer leads to, in a resource of the type. */
  of(type: string, pointer: string): ElementPlace {
    const ofType = this.#known.get(type) ?? new Map<string, ElementPlace>();
    this.#known.set(type, ofType);
    const known = ofType.get(pointer);
    if (known) return known;
    const element = follow(this.#elements, { expression: type, type }, pointer);
    const place = { path: element.expression.replaceAll(/\[\d+\]/g, ''), type: element.type };
    // lists and nested elements have pointers without end
    if (ofType.size >= maximumPlaces) ofType.clear();
    ofType.set(pointer, place);
    return place;
  }
}

const maximumPlaces = 2_000;

/** The issues of every extension that the check of a resource came across; of warnings only when they are wanted. */
export function extensionIssues(context: CheckContext, place: Place, options: Options): readonly Issue[] {
  if (context.extensions.length === 0) return [];
  const issues = context.extensions.flatMap((found) => issuesOf(found, context, place, options));
  return context.wantsWarnings ? issues : issues.filter(isError);
}
