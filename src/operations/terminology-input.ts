/** What the parameters of terminology operations mean, and where the resources come from that they name. https://hl7.org/fhir/R4/terminology-service.html */
import type { ConformanceResources, ConformanceType } from '../fhir/conformance.ts';
import { gone, invalid, notFound, unprocessable } from '../fhir/fhir-error.ts';
import { isError } from '../fhir/issue.ts';
import type { Resource } from '../fhir/resource.ts';
import type { CodedValue } from '../fhir/terminology.ts';
import { identityOf } from '../interactions/identity.ts';
import type { Context, Input } from '../interactions/interaction.ts';
import { toDocument } from '../interactions/receive.ts';
import { settled } from '../interactions/settled.ts';
import { findParameter, objectOf, type OperationInput, textOf } from './operation-input.ts';

type Json = Readonly<Record<string, unknown>>;

const isObject = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const text = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined);

function toCoding({ system, version, code, display }: Json): CodedValue {
  return { system: text(system), version: text(version), code: text(code), display: text(display) };
}

/** Each may have to be compared with every part of a value set or map. */
const maximumCodings = 500;

/** The codings that were given: as `code` with `system`, as `coding`, or those of a `codeableConcept`. */
export function codingsOf(given: OperationInput, systemName = 'system'): readonly CodedValue[] {
  const coding = objectOf(given, 'coding');
  if (coding) return [toCoding(coding)];
  const concept = objectOf(given, 'codeableConcept')?.['coding'];
  if (Array.isArray(concept) && concept.length > maximumCodings) {
    throw invalid(`A concept here has at most ${maximumCodings} codings`, 'codeableConcept');
  }
  if (Array.isArray(concept)) return concept.filter(isObject).map(toCoding);
  const code = textOf(given, 'code');
  if (code === undefined) throw invalid('This operation needs a code, coding or codeableConcept', 'code');
  const version = textOf(given, 'version') ?? textOf(given, 'systemVersion');
  return [{ code, system: textOf(given, systemName), version, display: textOf(given, 'display') }];
}

async function storedResource(input: Input, { store }: Context): Promise<Resource> {
  const identity = identityOf(input);
  const version = await store.read(identity);
  if (!version) throw notFound(`There is no such ${identity.type}`);
  if (version.deleted || version.text === undefined) throw gone(`This ${identity.type} was deleted`);
  return toDocument(version.text).resource;
}

const canonicalOf = (url: string, version: string | undefined): string =>
  version === undefined || url.includes('|') ? url : `${url}|${version}`;

/** What is sent is valid, as what is stored is (422): whoever computes with it relies on its shape. */
async function checkSent(resource: Resource, path: string, { library, validate }: Context): Promise<void> {
  const issues = await settled(library, () => validate(resource, { path }));
  if (issues.some(isError)) throw unprocessable(issues);
}

/** Names of the parameters that name or bring the resource an operation is about. */
export interface Naming {
  readonly url: string;
  readonly version: string;
  readonly resource: string;
}

/** The resource an operation is about: the one in the URL, the one that was sent, or the one that `url` names. Undefined when nothing names one; 404 for what is not known here. */
export async function subjectOf<Type extends ConformanceType>(
  type: Type,
  { input, given, names }: { readonly input: Input; readonly given: OperationInput; readonly names: Naming },
  context: Context,
): Promise<ConformanceResources[Type] | undefined> {
  if (input.id !== undefined) return (await storedResource(input, context)) as unknown as ConformanceResources[Type];
  const parameter = findParameter(given, names.resource);
  if (parameter?.resource) {
    const { resource, expression } = parameter;
    if (resource.resourceType !== type) throw invalid(`This parameter is a ${type}`, expression);
    await checkSent(resource, expression, context);
    return resource as unknown as ConformanceResources[Type];
  }
  const url = textOf(given, names.url);
  if (url === undefined) return undefined;
  return known(type, canonicalOf(url, textOf(given, names.version)), context);
}

/** A conformance resource by its canonical, or 404. */
export async function known<Type extends ConformanceType>(
  type: Type,
  canonical: string,
  { library }: Context,
): Promise<ConformanceResources[Type]> {
  const found = await settled(library, () => library.conformance.find(type, canonical));
  if (!found) throw notFound(`The ${type} ${canonical} is not known here`);
  return found;
}
