/** Time to parse and validate 100 MB of NDJSON: on one thread, and by `vesta validate` with all cores. https://hl7.org/fhir/R4/nd-json.html */
import { spawnSync } from 'node:child_process';
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

async function streamOnce(directory: string, file: string): Promise<Stream> {
  const stream = await resultOf<Stream>('ndjson-process.mjs', [directory, file]);
  if (stream.invalid > 0) throw new Error(`${stream.invalid} made resources are refused`);
  return stream;
}

/** Seconds of the whole command, with starting it. */
function byCommand(directory: string, file: string): number {
  const start = performance.now();
  const { status } = spawnSync(process.execPath, [path.join(directory, 'dist/cli/main.js'), 'validate', file]);
  if (status !== 0) throw new Error(`vesta validate ended with ${status}`);
  return (performance.now() - start) / 1_000;
}

export async function measureNdjson(directory: string, rounds: number): Promise<readonly Figure[]> {
  const workspace = makeWorkspace();
  try {
    const file = path.join(workspace.path, 'made.ndjson');
    writeNdjson(file, makeLines(['Patient', 'Observation'], distinctLines), 100 * megabyte);
    const streams: Stream[] = [];
    const commands: number[] = [];
    for (let round = 0; round < rounds; round += 1) {
      streams.push(await streamOnce(directory, file));
      commands.push(byCommand(directory, file));
    }
    const size = (streams[0]?.bytes ?? 0) / megabyte;
    const figure = (name: string, unit: Figure['unit'], values: readonly number[]): Figure => {
      return { name, unit, value: spreadOf(values) };
    };
    const perSecond = streams.map(({ milliseconds }) => (size * 1_000) / milliseconds);
    const cpu = streams.map(({ cpuMicroseconds, resources }) => cpuMicroseconds / resources);
    const peaks = streams.map(({ peak }) => peak / megabyte);
    const all = commands.map((seconds) => size / seconds);
    return [
      figure('100 MB of NDJSON parsed and validated, one thread', 'MB/s', perSecond),
      figure('each of its resources, CPU', 'µs', cpu),
      figure('most resident memory of it', 'MB', peaks),
      figure('100 MB of NDJSON by `vesta validate`, all cores', 'MB/s', all),
    ];
  } finally {
    workspace.remove();
  }
}
