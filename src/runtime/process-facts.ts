/** What can be known of a process by its number. https://man7.org/linux/man-pages/man5/proc_pid_stat.5.html */
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { childEnvironment } from './launch.ts';

const hasProc = () => existsSync('/proc/self/stat');

function readProcess(pid: number, file: string): string {
  try {
    return readFileSync(`/proc/${pid}/${file}`, 'utf8');
  } catch {
    return '';
  }
}

function ps(pid: number, column: string): string {
  const { stdout } = spawnSync('ps', ['-o', `${column}=`, '-p', String(pid)], {
    encoding: 'utf8',
    env: childEnvironment,
  });
  // null when there is no ps
  return stdout?.trim() ?? '';
}

/** The fields after the name, which stands in parentheses and may hold anything: state first, start as the 20th. */
function statOf(pid: number): readonly string[] {
  const stat = readProcess(pid, 'stat');
  return stat.slice(stat.lastIndexOf(')') + 2).split(' ');
}

/** Whether a process with this number runs; one that ended and waits for its parent to notice does not. */
export function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
  } catch (cause) {
    return (cause as NodeJS.ErrnoException).code === 'EPERM';
  }
  const state = hasProc() ? statOf(pid)[0] : ps(pid, 'state');
  return state !== '' && !state?.startsWith('Z');
}

/** The command line of a process, empty when there is none. */
export function commandOf(pid: number): string {
  return hasProc() ? readProcess(pid, 'cmdline').replaceAll('\0', ' ') : ps(pid, 'command');
}

/** When a process started, in no particular unit: with it a number that was given to another process is told apart. */
export function startOf(pid: number): string {
  return hasProc() ? (statOf(pid)[19] ?? '') : ps(pid, 'lstart');
}
