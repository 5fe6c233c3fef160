/** Sends requests over several connections for a time and counts what came back. */
import { performance } from 'node:perf_hooks';
import { type Connection, openConnection, type Target } from './connection.ts';
import { histogramOf } from './histogram.ts';

export interface LoadPlan {
  readonly target: Target;
  readonly connections: number;
  readonly seconds: number;
  /** The status that counts as done. */
  readonly expected: number;
  /** Makes the next request. */
  readonly next: () => string;
}

export interface LoadReport {
  /** Answers with the expected status. */
  readonly succeeded: number;
  /** Everything else, by status; `broken` are connections that ended. */
  readonly failures: Readonly<Record<string, number>>;
  /** From the first request to the last answer. */
  readonly seconds: number;
  /** Latencies of what succeeded, in microseconds, for `histogramOf`. */
  readonly latencies: Uint32Array;
  /** CPU that the generator itself took per request, microseconds. */
  readonly generatorCpu: number;
}

/** Requests under way when the time is over are waited for and counted: their CPU is in the account too. */
export async function generateLoad({ target, connections, seconds, expected, next }: LoadPlan): Promise<LoadReport> {
  const histogram = histogramOf();
  const failures: Record<string, number> = {};
  let succeeded = 0;

  function count(status: number | 'broken', start: number): void {
    if (status === expected) {
      succeeded += 1;
      histogram.record((performance.now() - start) * 1_000);
    } else failures[status] = (failures[status] ?? 0) + 1;
  }

  async function drive(connection: Connection, end: number): Promise<void> {
    for (let start = performance.now(); start < end; start = performance.now()) {
      try {
        count(await connection.exchange(next()), start);
      } catch {
        count('broken', start);
        return;
      }
    }
  }

  const open = await Promise.all(Array.from({ length: connections }, () => openConnection(target)));
  const cpu = process.cpuUsage();
  const start = performance.now();
  await Promise.all(open.map((connection) => drive(connection, start + seconds * 1_000)));
  const elapsed = (performance.now() - start) / 1_000;
  const { user, system } = process.cpuUsage(cpu);
  for (const connection of open) connection.close();
  return {
    succeeded,
    failures,
    seconds: elapsed,
    latencies: histogram.counts,
    generatorCpu: (user + system) / Math.max(1, succeeded),
  };
}
