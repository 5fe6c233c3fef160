/** One run of the benchmark: versions are built, started, filled, measured in turns, and stopped. */
import type { Cleanup } from './cleanup.ts';
import { type Contender, versionAt, workingTree } from './contender.ts';
import { type DatabaseFacts, readDatabaseFacts, settle } from './database.ts';
import { startLoadGenerator } from './load/load-generator.ts';
import { readMachine } from './machine.ts';
import { type LoadResult, measure, type Seeded } from './measure.ts';
import type { Options, SampleName } from './options.ts';
import type { ContenderResults, Results } from './results.ts';
import type { Figure } from './samples/figure.ts';
import { measureMemory } from './samples/memory.ts';
import { measureStart } from './samples/start.ts';
import { measureValidation } from './samples/validation.ts';
import { seed } from './seed.ts';
import { makeWorkspace, startVesta } from './vesta-server.ts';
import { workloadNamed } from './workloads/index.ts';

export interface RunContext {
  readonly options: Options;
  readonly cleanup: Cleanup;
  /** Hears what is being done. */
  tell(progress: string): void;
}

function contendersOf({ options, cleanup, tell }: RunContext): readonly Contender[] {
  tell('building');
  const here = workingTree(options.build);
  if (options.compare === undefined) return [here];
  tell(`building ${options.compare}`);
  return [here, versionAt(options.compare, cleanup)];
}

/** What needs no server under load, before there is one. */
async function measureAlone({ directory, name }: Contender, context: RunContext): Promise<readonly Figure[]> {
  const { options, cleanup, tell } = context;
  const wanted = new Set<SampleName>(options.samples);
  const figures: Figure[] = [];
  if (wanted.has('validate')) {
    tell(`${name}: validate`);
    figures.push(...(await measureValidation(directory, options.rounds)));
  }
  if (wanted.has('start')) {
    tell(`${name}: start`);
    figures.push(...(await measureStart(directory, options.rounds, cleanup)));
  }
  return figures;
}

async function startSeeded({ directory, name }: Contender, context: RunContext): Promise<Seeded> {
  const { options, cleanup, tell } = context;
  const workspace = makeWorkspace();
  cleanup.add(workspace.remove);
  tell(`${name}: starting and seeding`);
  const server = await startVesta({ directory, workspace: workspace.path }, cleanup);
  const data = await seed(server.api, options.patients);
  await settle(server.dataDirectory);
  return { server, data };
}

interface UnderLoad {
  /** By version, then by workload. */
  readonly load: readonly (readonly LoadResult[])[];
  readonly memory: readonly (readonly Figure[])[];
  readonly postgres?: DatabaseFacts;
}

async function measureUnderLoad(contenders: readonly Contender[], context: RunContext): Promise<UnderLoad> {
  const { options, cleanup, tell } = context;
  const servers: Seeded[] = [];
  for (const contender of contenders) servers.push(await startSeeded(contender, context));
  const generator = startLoadGenerator();
  cleanup.add(generator.stop);
  const load = contenders.map((): LoadResult[] => []);
  for (const name of options.workloads) {
    tell(name);
    const results = await measure(workloadNamed(name), servers, { ...options, generator });
    for (const [index, result] of results.entries()) load[index]?.push(result);
  }
  const [first] = servers;
  return {
    load,
    memory: servers.map(({ server }) => (options.samples.includes('memory') ? measureMemory(server) : [])),
    ...(first && { postgres: await readDatabaseFacts(first.server.dataDirectory) }),
  };
}

/** Measures all that the options ask for. What it starts is stopped by `cleanup`. */
export async function run(context: RunContext): Promise<Results> {
  const { options } = context;
  const contenders = contendersOf(context);
  const alone: (readonly Figure[])[] = [];
  for (const contender of contenders) alone.push(await measureAlone(contender, context));
  const isServerNeeded = options.workloads.length > 0 || options.samples.includes('memory');
  const underLoad = isServerNeeded ? await measureUnderLoad(contenders, context) : undefined;
  const results = contenders.map(({ name }, index): ContenderResults => ({
    name,
    load: underLoad?.load[index] ?? [],
    figures: [...(alone[index] ?? []), ...(underLoad?.memory[index] ?? [])],
  }));
  return {
    date: new Date().toISOString(),
    machine: readMachine(underLoad?.postgres),
    options,
    contenders: results,
  };
}
