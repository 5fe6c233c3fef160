/** From received bytes to a valid document, or a refusal that names each fault. https://hl7.org/fhir/R4/http.html#create */
import { FhirError, invalid, unprocessable, unsupportedMediaType } from '../fhir/fhir-error.ts';
import { type Issue, isError } from '../fhir/issue.ts';
import { decodeUtf8 } from '../json/decode-utf8.ts';
import type { ResourceDocument } from '../json/document.ts';
import { readDocument } from '../json/read-document.ts';
import { writtenIntegerIssues } from '../validation/written-integers.ts';
import type { Body, Context, Input } from './interaction.ts';
import { settled } from './settled.ts';

const resourceMediaTypes = new Set(['application/fhir+json', 'application/json', 'text/json']);

/** The body as text: strict UTF-8 or 400. */
export function receiveText({ bytes }: Body): string {
  const text = decodeUtf8(bytes);
  if (typeof text !== 'string') throw new FhirError(400, [text]);
  return text;
}

/** Reads a text as a resource: JSON hygiene, no FHIR rules yet. */
export function toDocument(text: string): ResourceDocument {
  const document = readDocument(text);
  if (Array.isArray(document)) throw new FhirError(400, document as readonly Issue[]);
  return document as ResourceDocument;
}

/** The resource of the input, parsed but not yet validated; entries of Bundles bring it parsed. */
export function receiveDocument(input: Input): ResourceDocument {
  if (input.document) return input.document;
  if (!input.body || input.body.bytes.length === 0) throw invalid('The request needs a resource as its body');
  if (!resourceMediaTypes.has(input.body.mediaType)) {
    throw unsupportedMediaType('A resource is sent as application/fhir+json');
  }
  return toDocument(receiveText(input.body));
}

/** Refuses a document that breaks the rules of R4 or of its profiles (422, every fault named). */
export async function checkValid(
  { resource, text }: ResourceDocument,
  { validate, library, definitions }: Pick<Context, 'validate' | 'library' | 'definitions'>,
): Promise<void> {
  const issues = await settled(library, () => validate(resource));
  if (issues.some(isError)) throw unprocessable(issues);
  const written = writtenIntegerIssues(text, resource, definitions.elements);
  if (written.length > 0) throw unprocessable(written);
}

/** The valid resource of the input, of the type of its URL. */
export async function receiveResource(input: Input, context: Context): Promise<ResourceDocument> {
  const document = receiveDocument(input);
  if (document.resource.resourceType !== input.type) {
    throw invalid(`The resource in the body must be of the type that the URL names: ${input.type}`, 'resourceType');
  }
  await checkValid(document, context);
  return document;
}
