/** Validates the resources of a chunk of NDJSON. https://hl7.org/fhir/R4/nd-json.html */
import { type Issue, isError } from '../fhir/issue.ts';
import type { Resource } from '../fhir/resource.ts';
import { decodeUtf8 } from '../json/decode-utf8.ts';
import { readResource } from '../json/read-resource.ts';
import type { Validate, ValidationRequest } from '../validation/validate.ts';

/** What is wrong in one line; `line` counts from 0 within the chunk. */
export interface LineIssues {
  readonly line: number;
  readonly issues: readonly Issue[];
}

export interface ChunkReport {
  readonly lines: number;
  readonly resources: number;
  /** Resources with an error. */
  readonly invalid: number;
  /** Of the first lines that have issues. */
  readonly found: readonly LineIssues[];
}

/** Lines with issues that a chunk tells of in full; the others are counted. */
const toldLines = 200;

function issuesOf(text: string, validate: Validate, request: ValidationRequest): readonly Issue[] {
  const resource: Resource | readonly Issue[] = readResource(text);
  return Array.isArray(resource) ? (resource as readonly Issue[]) : validate(resource as Resource, request);
}

/** Validates every line that is not blank. */
export function validateLines(bytes: Uint8Array, validate: Validate, request: ValidationRequest): ChunkReport {
  const text = decodeUtf8(bytes);
  if (typeof text !== 'string') return { lines: 0, resources: 0, invalid: 1, found: [{ line: 0, issues: [text] }] };
  const found: LineIssues[] = [];
  let [lines, resources, invalid] = [0, 0, 0];
  for (let start = 0; start < text.length; lines += 1) {
    const feed = text.indexOf('\n', start);
    const end = feed < 0 ? text.length : feed;
    const line = text.slice(start, end);
    start = end + 1;
    if (line.trim() === '') continue;
    resources += 1;
    const issues = issuesOf(line, validate, request);
    if (issues.length === 0) continue;
    if (issues.some(isError)) invalid += 1;
    if (found.length < toldLines) found.push({ line: lines, issues });
  }
  return { lines, resources, invalid, found };
}
