/** Remembers what was stored, so that a later run with --resume leaves it out: one JSON line per success, written at once. */
import { appendFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { SourceFile } from './find-files.ts';

export interface LoadState {
  /** True when the whole file was stored. */
  hasFile(file: SourceFile): boolean;
  hasLine(file: SourceFile, line: number): boolean;
  addFile(file: SourceFile): void;
  addLines(file: SourceFile, lines: readonly number[]): void;
}

/** `lines` are ranges, both ends included. Without them the whole file was stored. */
interface Entry {
  readonly url: string;
  readonly file: string;
  readonly version: string;
  readonly lines?: readonly (readonly [first: number, last: number])[];
}

interface Stored {
  isWhole: boolean;
  readonly lines: Set<number>;
}

function readEntries(file: string): readonly Entry[] {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw cause;
  }
  // a program that was killed may have left half a line at the end
  const complete = text.slice(0, text.lastIndexOf('\n') + 1).split('\n');
  return complete.filter((line) => line !== '').map((line) => JSON.parse(line) as Entry);
}

function toRanges(lines: readonly number[]): [number, number][] {
  const ranges: [number, number][] = [];
  for (const line of lines) {
    const last = ranges.at(-1);
    if (last && last[1] + 1 === line) last[1] = line;
    else ranges.push([line, line]);
  }
  return ranges;
}

/** Opens the state kept in a file for one server. Unless resuming, what it held is forgotten. */
export function openLoadState(
  file: string,
  { url, resume }: { readonly url: string; readonly resume: boolean },
): LoadState {
  const known = new Map<string, Stored>();
  const keyOf = (name: string, version: string) => `${version} ${path.resolve(name)}`;
  const storedOf = (key: string) => {
    const stored = known.get(key) ?? { isWhole: false, lines: new Set<number>() };
    known.set(key, stored);
    return stored;
  };
  function remember({ file: name, version, lines }: Entry): void {
    const stored = storedOf(keyOf(name, version));
    if (!lines) stored.isWhole = true;
    for (const [first, last] of lines ?? []) for (let line = first; line <= last; line += 1) stored.lines.add(line);
  }
  function add(entry: Entry): void {
    remember(entry);
    appendFileSync(file, `${JSON.stringify(entry)}\n`);
  }

  mkdirSync(path.dirname(path.resolve(file)), { recursive: true, mode: 0o700 });
  const entries = resume ? readEntries(file).filter((entry) => entry.url === url) : [];
  entries.forEach(remember);
  writeFileSync(file, entries.map((entry) => `${JSON.stringify(entry)}\n`).join(''), { mode: 0o600 });
  const entryOf = (source: SourceFile): Entry => ({ url, file: path.resolve(source.path), version: source.version });
  return {
    hasFile: (source) => known.get(keyOf(source.path, source.version))?.isWhole ?? false,
    hasLine: (source, line) => known.get(keyOf(source.path, source.version))?.lines.has(line) ?? false,
    addFile: (source) => add(entryOf(source)),
    addLines: (source, lines) => {
      if (lines.length > 0) add({ ...entryOf(source), lines: toRanges(lines) });
    },
  };
}
