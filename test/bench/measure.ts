/** Measures workloads: rounds of load on each server in turn, with the CPU time that its processes took meanwhile. */
import { ask } from './ask.ts';
import { databaseSize } from './database.ts';
import type { LoadReport } from './load/generate-load.ts';
import { addHistograms } from './load/histogram.ts';
import type { LoadGenerator } from './load/load-generator.ts';
import { type CpuTime, cpuTimeOf } from './processes.ts';
import { createRandom } from './records/random.ts';
import type { SeededData } from './seeded-data.ts';
import { type Spread, spreadOf } from './statistics.ts';
import type { VestaServer } from './vesta-server.ts';
import type { Workload } from './workloads/workload.ts';

/** A running server with data in it. */
export interface Seeded {
  readonly server: VestaServer;
  readonly data: SeededData;
}

export interface MeasureOptions {
  readonly generator: LoadGenerator;
  readonly seconds: number;
  readonly warmUpSeconds: number;
  readonly rounds: number;
  readonly connections: number;
}

/** CPU in microseconds per request, or per resource for workloads that store several with one. */
export interface LoadResult {
  readonly workload: string;
  readonly per: 'request' | 'resource';
  readonly connections: number;
  readonly requestsPerSecond: Spread;
  /** Milliseconds, of all rounds together. */
  readonly p50: number;
  readonly p99: number;
  readonly nodeCpu: Spread;
  readonly postgresCpu: Spread;
  readonly totalCpu: Spread;
  readonly aim?: number;
  readonly succeeded: number;
  /** By status. */
  readonly failures: Readonly<Record<string, number>>;
  /** CPU that the load process took per request: on a small machine it competes with the server. */
  readonly generatorCpu: number;
  /** Bytes of tables and indexes. */
  readonly diskPerResource?: number;
}

interface Round extends LoadReport {
  readonly cpu: CpuTime;
}

const probes = 12;

/** Asks a few times and looks at the answers: their status and what they must hold. Throws when one is wrong. */
async function probe(workload: Workload, { server, data }: Seeded): Promise<void> {
  const next = workload.requests(data, createRandom(0));
  for (let turn = 0; turn < probes; turn += 1) {
    const request = next();
    const { status, text } = await ask(request, server.api);
    if (status !== workload.expected || !text.includes(workload.contains)) {
      throw new Error(
        `${workload.name}: ${request.method} ${request.path} was answered ${status}: ${text.slice(0, 1_000)}`,
      );
    }
  }
}

interface RoundPlan {
  readonly seconds: number;
  readonly seed: number;
}

async function runRound(
  workload: Workload,
  { server, data }: Seeded,
  { generator, connections }: MeasureOptions,
  { seconds, seed }: RoundPlan,
): Promise<Round> {
  const before = cpuTimeOf(server.pid);
  const report = await generator.run({
    workload: workload.name,
    data,
    seed,
    api: server.api,
    connections: Math.min(connections, workload.connections ?? Infinity),
    seconds,
  });
  const after = cpuTimeOf(server.pid);
  return { ...report, cpu: { node: after.node - before.node, postgres: after.postgres - before.postgres } };
}

function addFailures(rounds: readonly Round[]): Readonly<Record<string, number>> {
  const all: Record<string, number> = {};
  for (const { failures } of rounds) {
    for (const [status, count] of Object.entries(failures)) all[status] = (all[status] ?? 0) + count;
  }
  return all;
}

function summarise(workload: Workload, rounds: readonly Round[], options: MeasureOptions): LoadResult {
  const latencies = addHistograms(rounds.map((round) => round.latencies));
  const perUnit = (cpu: (time: CpuTime) => number) =>
    spreadOf(rounds.map((round) => cpu(round.cpu) / (round.succeeded * workload.resources)));
  return {
    workload: workload.name,
    per: workload.resources > 1 ? 'resource' : 'request',
    connections: Math.min(options.connections, workload.connections ?? Infinity),
    requestsPerSecond: spreadOf(rounds.map(({ succeeded, seconds }) => succeeded / seconds)),
    p50: latencies.quantile(0.5) / 1_000,
    p99: latencies.quantile(0.99) / 1_000,
    nodeCpu: perUnit(({ node }) => node),
    postgresCpu: perUnit(({ postgres }) => postgres),
    totalCpu: perUnit(({ node, postgres }) => node + postgres),
    ...(workload.aim !== undefined && { aim: workload.aim }),
    succeeded: rounds.reduce((sum, { succeeded }) => sum + succeeded, 0),
    failures: addFailures(rounds),
    generatorCpu: spreadOf(rounds.map(({ generatorCpu }) => generatorCpu)).median,
  };
}

const sizesOf = (all: readonly Seeded[]): Promise<readonly number[]> =>
  Promise.all(all.map(({ server }) => databaseSize(server.dataDirectory)));

/** Measures one workload on each server: first, second, first, second and so on, so that what disturbs the machine disturbs all. Results are in the order of the servers. */
export async function measure(
  workload: Workload,
  all: readonly Seeded[],
  options: MeasureOptions,
): Promise<readonly LoadResult[]> {
  for (const [index, seeded] of all.entries()) {
    await probe(workload, seeded);
    await runRound(workload, seeded, options, { seconds: options.warmUpSeconds, seed: 1_000_003 * (index + 1) });
  }
  const rounds = all.map((): Round[] => []);
  const sizes = await sizesOf(all);
  for (let round = 1; round <= options.rounds; round += 1) {
    for (const [index, seeded] of all.entries()) {
      rounds[index]?.push(await runRound(workload, seeded, options, { seconds: options.seconds, seed: round }));
    }
  }
  const grown = (await sizesOf(all)).map((size, index) => size - (sizes[index] ?? 0));
  return rounds.map((ofServer, index) => {
    const result = summarise(workload, ofServer, options);
    const stored = result.succeeded * workload.resources;
    return workload.stores ? { ...result, diskPerResource: (grown[index] ?? 0) / stored } : result;
  });
}
