/** Validates NDJSON of any length on several threads, in memory that does not grow with it. https://hl7.org/fhir/R4/nd-json.html */
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import type { ValidationRequest } from '../validation/validate.ts';
import { lineChunks } from './line-chunks.ts';
import type { ChunkReport, LineIssues } from './validate-lines.ts';

/** What a worker is started with. */
export interface WorkerOptions {
  /** The folder `schemas/r4`. */
  readonly schemas: string;
  readonly request: ValidationRequest;
  /** Profiles and value sets beside the bundled ones. */
  readonly conformance: readonly object[];
}

export interface StreamOptions extends WorkerOptions {
  readonly threads: number;
  /** Called in the order of the lines; `line` counts from 1. */
  tell(found: LineIssues): void;
}

export interface StreamTotals {
  readonly lines: number;
  readonly resources: number;
  readonly invalid: number;
  readonly bytes: number;
}

/** Two chunks a thread: one that it works on, and one so that it need not wait. */
const chunksPerThread = 2;

/** Memory for what is new: nearly all of a chunk is garbage once it is validated, and what has no room waits in old memory. */
const youngMegabytes = 64;

/** The worker's file is this one's neighbour and, compiled or not, ends alike. */
const here = fileURLToPath(import.meta.url);
const workerFile = path.join(path.dirname(here), `validate-worker${path.extname(here)}`);

/** One thread; `validate` may be called again before it has answered. */
class ValidatingThread {
  readonly #worker: Worker;
  readonly #waiting: { resolve(report: ChunkReport): void; reject(cause: unknown): void }[] = [];

  constructor(options: WorkerOptions) {
    const { schemas, request, conformance } = options;
    const workerData = { schemas, request, conformance };
    this.#worker = new Worker(workerFile, { workerData, resourceLimits: { maxYoungGenerationSizeMb: youngMegabytes } });
    this.#worker.on('message', (report: ChunkReport) => this.#waiting.shift()?.resolve(report));
    this.#worker.on('error', (cause) => this.#fail(cause));
    this.#worker.on('exit', () => this.#fail(new Error('A validating thread ended')));
  }

  validate(bytes: Uint8Array<ArrayBuffer>): Promise<ChunkReport> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ resolve, reject });
      this.#worker.postMessage(bytes, [bytes.buffer]);
    });
  }

  async end(): Promise<void> {
    await this.#worker.terminate();
  }

  #fail(cause: unknown): void {
    for (const { reject } of this.#waiting.splice(0)) reject(cause);
  }
}

/** Adds reports up in the order of their chunks. */
class Totals {
  lines = 0;
  resources = 0;
  invalid = 0;
  bytes = 0;
  readonly #tell: StreamOptions['tell'];

  constructor(tell: StreamOptions['tell']) {
    this.#tell = tell;
  }

  add(report: ChunkReport): void {
    for (const { line, issues } of report.found) this.#tell({ line: this.lines + line + 1, issues });
    this.lines += report.lines;
    this.resources += report.resources;
    this.invalid += report.invalid;
  }
}

/** Reads the stream to its end. Rejects when it cannot be read, has a line beyond measure, or a thread dies. */
export async function validateStream(stream: AsyncIterable<Uint8Array>, options: StreamOptions): Promise<StreamTotals> {
  const threads = Array.from({ length: options.threads }, () => new ValidatingThread(options));
  const totals = new Totals(options.tell);
  const underWay: Promise<ChunkReport>[] = [];
  const addOldest = async (): Promise<void> => {
    const oldest = underWay.shift();
    if (oldest) totals.add(await oldest);
  };
  try {
    let turn = 0;
    for await (const chunk of lineChunks(stream)) {
      totals.bytes += chunk.length;
      if (underWay.length >= threads.length * chunksPerThread) await addOldest();
      const report = threads[turn % threads.length]?.validate(chunk);
      turn += 1;
      // told of when its turn comes; until then nobody else looks at it
      report?.catch(() => undefined);
      if (report) underWay.push(report);
    }
    while (underWay.length > 0) await addOldest();
  } finally {
    await Promise.all(threads.map((thread) => thread.end()));
  }
  const { lines, resources, invalid, bytes } = totals;
  return { lines, resources, invalid, bytes };
}
