/** The machine that was measured on: figures mean nothing without it. */
import { cpus, release, totalmem, type } from 'node:os';
import type { DatabaseFacts } from './database.ts';

export interface Machine {
  readonly cpu: string;
  readonly cores: number;
  readonly memoryBytes: number;
  readonly system: string;
  readonly node: string;
  /** Absent when no server was measured. */
  readonly postgres?: DatabaseFacts;
}

export function readMachine(postgres: DatabaseFacts | undefined): Machine {
  const all = cpus();
  return {
    cpu: all[0]?.model.trim() ?? 'unknown',
    cores: all.length,
    memoryBytes: totalmem(),
    system: `${type()} ${release()}`,
    node: process.version,
    ...(postgres && { postgres }),
  };
}
