/** Reads a file into what can be sent: Bundles and resources as they are, lines of NDJSON in batches. https://hl7.org/fhir/R4/nd-json.html */
import { createReadStream } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import type { SourceFile } from './find-files.ts';
import type { LoadFailure, Parcel } from './parcel.ts';

export type Read = { readonly parcel: Parcel } | { readonly failure: LoadFailure };

const linesPerBatch = 100;
const charactersPerBatch = 1_000_000;

interface Header {
  readonly resourceType: string;
  readonly id?: string;
  readonly type?: string;
  readonly entries: number;
}

/** What a text is; undefined when it is no FHIR resource. */
function headerOf(text: string): Header | undefined {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (typeof value !== 'object' || value === null || !('resourceType' in value)) return undefined;
  const { resourceType, id, type, entry } = value as Record<string, unknown>;
  if (typeof resourceType !== 'string' || !/^[A-Z][A-Za-z]{0,63}$/.test(resourceType)) return undefined;
  return {
    resourceType,
    ...(typeof id === 'string' && { id }),
    ...(typeof type === 'string' && { type }),
    entries: Array.isArray(entry) ? entry.length : 0,
  };
}

/** With an id a resource is put where it says, so that loading twice stores it once. */
function targetOf({ resourceType, id }: Header): Pick<Parcel, 'method' | 'path'> {
  return id === undefined
    ? { method: 'POST', path: resourceType }
    : { method: 'PUT', path: `${resourceType}/${encodeURIComponent(id)}` };
}

async function readJson({ path: file, bytes }: SourceFile): Promise<Read> {
  const body = await readFile(file, 'utf8');
  const header = headerOf(body);
  const fail = (reason: string): Read => ({ failure: { file, place: '', reason } });
  if (!header) return fail('It is not a FHIR resource in JSON');
  if (header.resourceType !== 'Bundle') {
    return { parcel: { file, kind: 'resource', ...targetOf(header), body, resources: 1, bytes } };
  }
  const { type: kind, entries: resources } = header;
  if (kind !== 'transaction' && kind !== 'batch') return fail('A Bundle to load has the type transaction or batch');
  return { parcel: { file, kind, method: 'POST', path: '', body, resources, bytes } };
}

interface Line {
  readonly number: number;
  readonly text: string;
  readonly header: Header;
}

function batchOf(file: string, lines: readonly Line[]): Parcel {
  const entries = lines.map(({ text, header }) => {
    const { method, path: url } = targetOf(header);
    return `{"resource":${text},"request":${JSON.stringify({ method, url })}}`;
  });
  return {
    file,
    kind: 'batch',
    method: 'POST',
    path: '',
    body: `{"resourceType":"Bundle","type":"batch","entry":[${entries.join(',')}]}`,
    resources: lines.length,
    lines: lines.map(({ number }) => number),
    bytes: lines.reduce((sum, { text }) => sum + Buffer.byteLength(text) + 1, 0),
  };
}

async function* readLines({ path: file }: SourceFile, isWanted: (line: number) => boolean): AsyncGenerator<Read> {
  let batch: Line[] = [];
  let characters = 0;
  let number = 0;
  for await (const text of createInterface({ input: createReadStream(file), crlfDelay: Infinity })) {
    number += 1;
    if (text.trim() === '' || !isWanted(number)) continue;
    const header = headerOf(text);
    if (!header) {
      yield { failure: { file, place: `line ${number}`, reason: 'It is not a FHIR resource in JSON' } };
      continue;
    }
    batch.push({ number, text, header });
    characters += text.length;
    if (batch.length < linesPerBatch && characters < charactersPerBatch) continue;
    yield { parcel: batchOf(file, batch) };
    batch = [];
    characters = 0;
  }
  if (batch.length > 0) yield { parcel: batchOf(file, batch) };
}

/** Everything to send of a file. Of NDJSON only the lines that are wanted; its memory does not grow with the file. */
export async function* readParcels(file: SourceFile, isWanted: (line: number) => boolean): AsyncGenerator<Read> {
  if (file.format === 'ndjson') yield* readLines(file, isWanted);
  else yield await readJson(file);
}
