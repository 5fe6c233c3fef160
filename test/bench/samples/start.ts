/** Time from starting the program to its first answer that it is ready, on no database yet and on one that exists. */
import type { Cleanup } from '../cleanup.ts';
import { type Memory, memoryOf } from '../processes.ts';
import { spreadOf } from '../statistics.ts';
import { makeWorkspace, startVesta } from '../vesta-server.ts';
import type { Figure } from './figure.ts';
import { memoryFigures } from './memory.ts';

interface Start {
  readonly milliseconds: number;
  readonly memory: Memory;
}

async function startOnce(directory: string, workspace: string, cleanup: Cleanup): Promise<Start> {
  const server = await startVesta({ directory, workspace }, cleanup);
  const memory = memoryOf(server.pid);
  await server.stop();
  return { milliseconds: server.startMilliseconds, memory };
}

/** Starts `rounds` times on an empty data directory and again on the same. */
export async function measureStart(directory: string, rounds: number, cleanup: Cleanup): Promise<readonly Figure[]> {
  const cold: Start[] = [];
  const warm: Start[] = [];
  for (let round = 0; round < rounds; round += 1) {
    const workspace = makeWorkspace();
    const remove = cleanup.add(workspace.remove);
    cold.push(await startOnce(directory, workspace.path, cleanup));
    warm.push(await startOnce(directory, workspace.path, cleanup));
    await remove();
  }
  const time = (starts: readonly Start[]) => spreadOf(starts.map(({ milliseconds }) => milliseconds));
  return [
    { name: 'start, empty data directory', unit: 'ms', value: time(cold), aim: 2_000 },
    { name: 'start, existing database', unit: 'ms', value: time(warm), aim: 700 },
    ...memoryFigures(
      'when ready',
      warm.map(({ memory }) => memory),
    ),
  ];
}
