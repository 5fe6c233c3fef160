/** Memory of a server after all that was asked of it. */
import type { Memory } from '../processes.ts';
import { memoryOf } from '../processes.ts';
import { spreadOf } from '../statistics.ts';
import type { VestaServer } from '../vesta-server.ts';
import type { Figure } from './figure.ts';

const megabyte = 1_048_576;

/** Several looks at memory as figures; what the kernel did not tell is left out. */
export function memoryFigures(moment: string, looks: readonly Memory[]): readonly Figure[] {
  const figure = (name: string, pick: (memory: Memory) => number | undefined): readonly Figure[] => {
    const known = looks.map(pick).filter((bytes) => bytes !== undefined);
    if (known.length === 0) return [];
    return [{ name: `${name} ${moment}`, unit: 'MB', value: spreadOf(known.map((bytes) => bytes / megabyte)) }];
  };
  return [
    ...figure('node, resident', ({ node }) => node),
    ...figure('node, most resident', ({ nodePeak }) => nodePeak),
    ...figure('PostgreSQL, proportional', ({ postgres }) => postgres),
  ];
}

export function measureMemory({ pid }: VestaServer): readonly Figure[] {
  return memoryFigures('after the load', [memoryOf(pid)]);
}
