/** What the processes of a running server take: CPU time and memory, from `/proc`. https://man7.org/linux/man-pages/man5/proc.5.html */
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { familyOf, parseProcessStat, type ProcessStat, ticksOf } from './proc-stat.ts';

/** CPU time so far in microseconds, user and system. */
export interface CpuTime {
  readonly node: number;
  readonly postgres: number;
}

/** Bytes; undefined where the kernel does not tell. */
export interface Memory {
  /** Resident in node. */
  readonly node: number | undefined;
  /** The most that was resident in node. */
  readonly nodePeak: number | undefined;
  /** PostgreSQL's proportional share: shared buffers counted once. */
  readonly postgres: number | undefined;
}

/** Clock ticks a second: what `/proc` counts in. Nearly always 100, so CPU time is known to 10 ms. */
export const ticksPerSecond = Number(spawnSync('getconf', ['CLK_TCK'], { encoding: 'utf8' }).stdout) || 100;

function readProc(pid: number | string, file: string): string {
  try {
    return readFileSync(`/proc/${pid}/${file}`, 'latin1');
  } catch {
    // the process ended meanwhile, or is not ours to look at
    return '';
  }
}

function allProcesses(): readonly ProcessStat[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((pid) => parseProcessStat(readProc(pid, 'stat')) ?? []);
}

/** Throws where there is no `/proc` to read. */
export function checkSystem(): void {
  if (!existsSync('/proc/self/stat')) throw new Error('CPU time is read from /proc: the benchmark runs on Linux only');
}

/** The server's process and all below it. */
export function familyOfProcess(pid: number): readonly ProcessStat[] {
  return familyOf(pid, allProcesses());
}

export function cpuTimeOf(pid: number): CpuTime {
  const { server, postgres } = ticksOf(familyOfProcess(pid));
  const microseconds = 1_000_000 / ticksPerSecond;
  return { node: server * microseconds, postgres: postgres * microseconds };
}

/** `Name:   123 kB` of a file in `/proc`, in bytes. */
function kilobytesOf(text: string, name: string): number | undefined {
  const found = new RegExp(`^${name}:\\s+(\\d+) kB`, 'm').exec(text)?.[1];
  return found === undefined ? undefined : Number(found) * 1_024;
}

export function memoryOf(pid: number): Memory {
  const status = readProc(pid, 'status');
  const shares = familyOfProcess(pid)
    .filter(({ command }) => command.startsWith('postgres'))
    .map(({ pid }) => kilobytesOf(readProc(pid, 'smaps_rollup'), 'Pss'));
  return {
    node: kilobytesOf(status, 'VmRSS'),
    nodePeak: kilobytesOf(status, 'VmHWM'),
    postgres: shares.includes(undefined) ? undefined : shares.reduce<number>((sum, share) => sum + (share ?? 0), 0),
  };
}
