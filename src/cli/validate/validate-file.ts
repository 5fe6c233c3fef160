/** Validates one file that holds one resource, and says where in it each issue is. https://hl7.org/fhir/R4/validation.html */
import { readFileSync } from 'node:fs';
import { type Issue, isError } from '../../fhir/issue.ts';
import { decodeUtf8 } from '../../json/decode-utf8.ts';
import { readDocument } from '../../json/read-document.ts';
import { withPositions } from '../../json/with-positions.ts';
import type { StreamTotals } from '../../bulk/validate-stream.ts';
import type { Validate, ValidationRequest } from '../../validation/validate.ts';

function issuesOf(bytes: Uint8Array, validate: Validate, request: ValidationRequest): readonly Issue[] {
  const text = decodeUtf8(bytes);
  if (typeof text !== 'string') return [text];
  const document = readDocument(text);
  if (!('resource' in document)) return document;
  const { resource } = document;
  return withPositions(validate(resource, request), text, resource.resourceType);
}

/** Reads the whole file; `tell` gets its issues. */
export function validateFile(
  path: string,
  validate: Validate,
  request: ValidationRequest,
  tell: (issues: readonly Issue[]) => void,
): StreamTotals {
  const bytes = readFileSync(path);
  const issues = issuesOf(bytes, validate, request);
  if (issues.length > 0) tell(issues);
  return { lines: 1, resources: 1, invalid: issues.some(isError) ? 1 : 0, bytes: bytes.length };
}
