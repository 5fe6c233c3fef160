/** Extensions against their definitions: the type of their value, and where they may stand. https://hl7.org/fhir/R4/extensibility.html */
import type { Conformance } from '../fhir/conformance.ts';
import type { ElementModel } from '../fhir/element-model.ts';
import { type Issue, isError } from '../fhir/issue.ts';
import type { ProfileCheck } from '../profiles/check/create-profile-check.ts';
import type { CheckContext, Found } from './check-context.ts';
import { follow, type Place } from './expression.ts';

interface Options {
  readonly definitions: { readonly elements: ElementModel };
  readonly profiles: ProfileCheck;
  readonly conformance: Conformance;
}

const extensionAt = /^(.*)\/(extension|modifierExtension)\/\d+$/;

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
  const { definitions, profiles, conformance } = options;
  const url = found.value['url'];
  // The parts of a complex extension are checked with the whole.
  if (typeof url !== 'string' || !url.includes(':')) return [];
  const isKnown = conformance.find('StructureDefinition', url) !== undefined;
  if (!isKnown && !context.wantsWarnings) return [];
  const [, parent = '', list] = extensionAt.exec(found.instancePath) ?? [];
  if (list === undefined) return [];
  const { elements } = definitions;
  const { expression } = follow(elements, start, found.instancePath);
  const isModifier = list === 'modifierExtension';
  const { resource, rootResource } = context;
  const use = { ...placeOf(parent, start.type, context, elements), expression, isModifier, resource, rootResource };
  const issues = profiles.checkExtension(found.value, use);
  if (issues !== 'unknown') return issues;
  return [isModifier ? unknownModifier(expression) : unknownExtension(expression)];
}

/** Where an extension stands, as definitions call it: `Patient.name`, whatever its index. */
function placeOf(parent: string, type: string, { resource }: CheckContext, elements: ElementModel) {
  const element = follow(elements, { expression: type, type }, parent);
  const path = element.expression.replaceAll(/\[\d+\]/g, '');
  const around: unknown = extensionAt.test(parent) ? valueAt(resource, parent) : undefined;
  const within = typeof around === 'object' && around !== null ? (around as { url?: unknown }).url : undefined;
  return { path, type: element.type, ...(typeof within === 'string' && { within }) };
}

const valueAt = (resource: object, pointer: string): unknown =>
  pointer
    .slice(1)
    .split('/')
    .reduce<unknown>((value, name) => (value as Readonly<Record<string, unknown>>)[name], resource);

/** The issues of every extension that the check of a resource came across; of warnings only when they are wanted. */
export function extensionIssues(context: CheckContext, place: Place, options: Options): readonly Issue[] {
  if (context.extensions.length === 0) return [];
  const issues = context.extensions.flatMap((found) => issuesOf(found, context, place, options));
  return context.wantsWarnings ? issues : issues.filter(isError);
}
