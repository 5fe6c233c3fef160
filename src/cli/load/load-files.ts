/** Loads files in order: a Bundle only after everything before it, single resources and lines of NDJSON several at once. */
import type { SourceFile } from './find-files.ts';
import { judge } from './judge.ts';
import { createLanes, type Lanes } from './lanes.ts';
import type { LoadState } from './load-state.ts';
import type { LoadFailure, Parcel } from './parcel.ts';
import { readParcels } from './read-parcels.ts';
import { LoadStopped, type Send } from './send.ts';

/** Hears how it goes. */
export interface LoadListener {
  /** Part of a file is done. */
  progress(done: { readonly file: string; readonly bytes: number; readonly resources: number }): void;
  failed(failure: LoadFailure): void;
  /** Nothing of a file is left to send. */
  fileEnded(file: string): void;
}

export interface LoadOptions {
  readonly send: Send;
  readonly state: LoadState;
  readonly concurrency: number;
  readonly listener: LoadListener;
}

export interface LoadResult {
  readonly stored: number;
  readonly failed: number;
  /** Files that an earlier run had stored. */
  readonly skipped: number;
}

interface Tally {
  stored: number;
  failed: number;
  skipped: number;
}

function reasonOf(cause: unknown): string {
  const inner = cause instanceof Error && cause.cause instanceof Error ? cause.cause : cause;
  const message = inner instanceof Error ? inner.message : String(inner);
  return `The connection failed (${message}): it is not known whether this was stored`;
}

/** Sends one parcel and accounts for it. */
function createDelivery({ send, state, listener }: LoadOptions, tally: Tally) {
  const fail = (failure: LoadFailure) => {
    tally.failed += 1;
    listener.failed(failure);
  };
  async function deliver(file: SourceFile, parcel: Parcel): Promise<void> {
    try {
      const { stored, failures, storedLines } = judge(parcel, await send(parcel));
      if (parcel.lines) state.addLines(file, storedLines);
      else if (failures.length === 0) state.addFile(file);
      tally.stored += stored;
      failures.forEach(fail);
      listener.progress({ file: file.path, bytes: parcel.bytes, resources: stored });
    } catch (cause) {
      if (cause instanceof LoadStopped) throw cause;
      fail({ file: file.path, place: '', reason: reasonOf(cause) });
      listener.progress({ file: file.path, bytes: parcel.bytes, resources: 0 });
    }
    if (!parcel.lines) listener.fileEnded(file.path);
  }
  return { deliver, fail };
}

/** Whether a parcel may overtake others and be overtaken. */
const isFree = ({ kind, lines }: Parcel) => kind === 'resource' || lines !== undefined;

async function loadFile(file: SourceFile, lanes: Lanes, options: LoadOptions, tally: Tally): Promise<void> {
  const { deliver, fail } = createDelivery(options, tally);
  for await (const read of readParcels(file, (line) => !options.state.hasLine(file, line))) {
    if ('failure' in read) {
      fail(read.failure);
      if (file.format === 'json') options.listener.fileEnded(file.path);
      continue;
    }
    if (!isFree(read.parcel)) await lanes.idle();
    await lanes.begin(() => deliver(file, read.parcel));
    if (!isFree(read.parcel)) await lanes.idle();
  }
  if (file.format !== 'ndjson') return;
  // lines of one file at once, but not of two: the next may refer to them
  await lanes.idle();
  options.listener.fileEnded(file.path);
}

/** Loads all files; a failure is told and the next file goes on. Rejects with LoadStopped when the server cannot be reached or refuses the token. */
export async function loadFiles(files: readonly SourceFile[], options: LoadOptions): Promise<LoadResult> {
  const tally: Tally = { stored: 0, failed: 0, skipped: 0 };
  const lanes = createLanes(options.concurrency);
  for (const file of files) {
    if (options.state.hasFile(file)) {
      tally.skipped += 1;
      options.listener.progress({ file: file.path, bytes: file.bytes, resources: 0 });
      continue;
    }
    await loadFile(file, lanes, options, tally);
  }
  await lanes.idle();
  return { ...tally };
}
