/** Time to parse and validate NDJSON: on one thread, and on as many as there are cores, of a file and of one four times as long. https://hl7.org/fhir/R4/nd-json.html */
import { availableParallelism } from 'node:os';
import path from 'node:path';
import { spreadOf } from '../statistics.ts';
import { makeWorkspace } from '../vesta-server.ts';
import { resultOf } from './child.ts';
import type { Figure } from './figure.ts';
import { makeLines, writeNdjson } from './made-resources.ts';

/** What the process tells. */
interface Stream {
  readonly resources: number;
  readonly invalid: number;
  readonly milliseconds: number;
  readonly cpuMicroseconds: number;
  readonly bytes: number;
  /** Bytes that were resident at most. */
  readonly peak: number;
}

const megabyte = 1_000_000;
const distinctLines = 20_000;

async function streamOnce(program: string, given: readonly string[]): Promise<Stream> {
  const stream = await resultOf<Stream>(program, given);
  if (stream.invalid > 0) throw new Error(`${stream.invalid} made resources are refused`);
  return stream;
}

interface Round {
  readonly one: Stream;
  readonly all: Stream;
  /** The same on all threads, four times as much: what starting costs is in both. */
  readonly long: Stream;
}

/** What the longer file took beyond the shorter one. */
function beyond({ all, long }: Round) {
  const megabytes = (long.bytes - all.bytes) / megabyte;
  const cpuSeconds = (long.cpuMicroseconds - all.cpuMicroseconds) / 1_000_000;
  const seconds = (long.milliseconds - all.milliseconds) / 1_000;
  return { perSecond: megabytes / seconds, perCpuSecond: megabytes / cpuSeconds };
}

const speed = ({ bytes, milliseconds }: Stream): number => bytes / megabyte / (milliseconds / 1_000);

function figuresOf(rounds: readonly Round[]): readonly Figure[] {
  const figure = (name: string, unit: Figure['unit'], pick: (round: Round) => number): Figure => {
    return { name, unit, value: spreadOf(rounds.map(pick)) };
  };
  const threads = `${availableParallelism()} threads`;
  return [
    figure('100 MB of NDJSON parsed and validated, one thread', 'MB/s', ({ one }) => speed(one)),
    figure('each of its resources, CPU', 'µs', ({ one }) => one.cpuMicroseconds / one.resources),
    figure('most resident memory of it', 'MB', ({ one }) => one.peak / megabyte),
    figure(`100 MB on ${threads}, with starting them`, 'MB/s', ({ all }) => speed(all)),
    figure(`100 MB on ${threads}, with starting them, CPU`, 'ms', ({ all }) => all.cpuMicroseconds / 1_000),
    figure(`the next 300 MB on ${threads}`, 'MB/s', (round) => beyond(round).perSecond),
    figure(`the next 300 MB on ${threads}, each second of CPU`, 'MB', (round) => beyond(round).perCpuSecond),
    figure(`most resident memory of 400 MB on ${threads}`, 'MB', ({ long }) => long.peak / megabyte),
  ];
}

export async function measureNdjson(directory: string, rounds: number): Promise<readonly Figure[]> {
  const workspace = makeWorkspace();
  try {
    const fileOf = (size: number): string => path.join(workspace.path, `${size}.ndjson`);
    const lines = makeLines(['Patient', 'Observation'], distinctLines);
    for (const size of [100, 400]) writeNdjson(fileOf(size), lines, size * megabyte);
    const threads = String(availableParallelism());
    const all: Round[] = [];
    for (let round = 0; round < rounds; round += 1) {
      all.push({
        one: await streamOnce('ndjson-process.mjs', [directory, fileOf(100)]),
        all: await streamOnce('threads-process.mjs', [directory, fileOf(100), threads]),
        long: await streamOnce('threads-process.mjs', [directory, fileOf(400), threads]),
      });
    }
    return figuresOf(all);
  } finally {
    workspace.remove();
  }
}
