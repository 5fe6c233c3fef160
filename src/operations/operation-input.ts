/** The parameters of an operation, however they came: in the URL, in a Parameters resource, or as a resource that is the body itself. https://hl7.org/fhir/R4/operations.html#request */
import { invalid } from '../fhir/fhir-error.ts';
import type { Resource } from '../fhir/resource.ts';
import type { Input } from '../interactions/interaction.ts';
import { receiveDocument } from '../interactions/receive.ts';
import type { ResourceDocument } from '../json/document.ts';

type Json = Readonly<Record<string, unknown>>;

/** One parameter: a value of a data type, or a resource. From the URL every value is a string, of type undefined. */
export interface OperationParameter {
  readonly name: string;
  readonly value?: unknown;
  /** `CodeableConcept` of `valueCodeableConcept`. */
  readonly type?: string;
  readonly resource?: Resource;
  /** FHIRPath of where it stands in the body. */
  readonly expression: string;
}

export interface OperationInput {
  readonly parameters: readonly OperationParameter[];
  /** What came as the body, when there was one. */
  readonly document?: ResourceDocument;
}

/** Of every call, and about the answer rather than the question. */
const general = new Set(['_format', '_pretty']);

const isObject = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

function readParameter(item: unknown, index: number): OperationParameter {
  const at = `Parameters.parameter[${index}]`;
  if (!isObject(item) || typeof item['name'] !== 'string') throw invalid('A parameter needs a name', at);
  const property = Object.keys(item).find((key) => /^value[A-Z]/.test(key));
  const { name, resource } = item;
  if (isObject(resource)) return { name, resource: resource as Resource, expression: `${at}.resource` };
  if (property === undefined) return { name, expression: at };
  const type = property.slice('value'.length);
  return { name, value: item[property], type, expression: `${at}.value` };
}

function ofParameters({ resource }: ResourceDocument): readonly OperationParameter[] {
  const list: unknown = resource['parameter'] ?? [];
  if (!Array.isArray(list)) throw invalid('Must be an array', 'Parameters.parameter');
  return list.map(readParameter);
}

/** A body that is no Parameters resource is the one parameter that is a resource. */
function ofBody(document: ResourceDocument, name: string): readonly OperationParameter[] {
  const { resource } = document;
  if (resource.resourceType === 'Parameters') return ofParameters(document);
  return [{ name, resource, expression: resource.resourceType }];
}

/** Reads what an operation was called with; `resourceName` is what the operation calls a resource that is the body itself. Parameters are not validated as a resource: what an operation knows it checks by itself. */
export function operationInput(input: Input, resourceName = 'resource'): OperationInput {
  const ofUrl = input.parameters
    .filter(([name]) => !general.has(name))
    .map(([name, value]) => ({ name, value, expression: `http.${name}` }));
  const hasBody = input.document !== undefined || (input.body !== undefined && input.body.bytes.length > 0);
  if (!hasBody) return { parameters: ofUrl };
  const document = receiveDocument(input);
  return { parameters: [...ofUrl, ...ofBody(document, resourceName)], document };
}

/** Refuses parameters that the operation does not know, and those that came twice although they may not. */
export function checkNames(
  { parameters }: OperationInput,
  known: ReadonlySet<string>,
  repeatable: ReadonlySet<string> = new Set(),
): void {
  const seen = new Set<string>();
  for (const { name, expression } of parameters) {
    if (!known.has(name)) throw invalid('This operation has no such parameter', expression);
    if (seen.has(name) && !repeatable.has(name)) throw invalid('This parameter may be given once', expression);
    seen.add(name);
  }
}

export const findParameter = ({ parameters }: OperationInput, wanted: string): OperationParameter | undefined =>
  parameters.find(({ name }) => name === wanted);

/** The value of a parameter of a string-like type, or undefined. */
export function textOf(given: OperationInput, name: string): string | undefined {
  const parameter = findParameter(given, name);
  if (parameter === undefined) return undefined;
  const { value, expression } = parameter;
  if (typeof value !== 'string' || value === '') throw invalid('This parameter is a text', expression);
  return value;
}

/** A whole number from 0. */
export function countOf(given: OperationInput, name: string): number | undefined {
  const parameter = findParameter(given, name);
  if (parameter === undefined) return undefined;
  const { value, expression } = parameter;
  const number = typeof value === 'string' && /^\d{1,9}$/.test(value) ? Number(value) : value;
  if (typeof number === 'number' && Number.isInteger(number) && number >= 0) return number;
  throw invalid('This parameter is a whole number from 0', expression);
}

/** `true` or `false`. */
export function flagOf(given: OperationInput, name: string): boolean | undefined {
  const parameter = findParameter(given, name);
  if (parameter === undefined) return undefined;
  const { value, expression } = parameter;
  if (typeof value === 'boolean') return value;
  if (value === 'true' || value === 'false') return value === 'true';
  throw invalid('This parameter is true or false', expression);
}

/** A value of a complex type, which only a Parameters resource can carry. */
export function objectOf(given: OperationInput, name: string): Json | undefined {
  const parameter = findParameter(given, name);
  if (parameter === undefined) return undefined;
  if (!isObject(parameter.value))
    throw invalid('This parameter is sent in a Parameters resource', parameter.expression);
  return parameter.value;
}
