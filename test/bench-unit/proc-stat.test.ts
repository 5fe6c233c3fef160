import { describe, expect, test } from '@jest/globals';
import { familyOf, parseProcessStat, type ProcessStat, ticksOf } from '../bench/proc-stat.ts';

const line = (pid: number, command: string) =>
  `${pid} (${command}) S 1 2 3 0 -1 4194560 100 0 0 0 70 30 5 2 20 0 11 0 12345 1000000 500 18446744073709551615 1 1`;

describe('parseProcessStat', () => {
  test.each(['node', 'postgres', 'a (b) c', ') S 9 ('])('reads a process called %j', (command) => {
    expect(parseProcessStat(line(42, command))).toEqual({
      pid: 42,
      parent: 1,
      command,
      ticks: 100,
      endedChildrenTicks: 7,
    });
  });

  test('knows when a process is gone', () => {
    expect(parseProcessStat('')).toBeUndefined();
  });
});

function processOf(pid: number, parent: number, command: string): ProcessStat {
  return { pid, parent, command, ticks: 10 ** pid, endedChildrenTicks: 5 * 10 ** pid };
}

/** The session is listed before its parent, as happens when process numbers start again. */
const all = [
  processOf(0, 3, 'postgres'),
  processOf(1, 9, 'postgres'),
  processOf(2, 8, 'node'),
  processOf(3, 2, 'postgres'),
  processOf(4, 2, 'node'),
];

describe('familyOf', () => {
  test('finds children of children in any order, and nobody else', () => {
    expect(familyOf(2, all).map(({ pid }) => pid)).toEqual([0, 2, 3, 4]);
  });

  test('is empty for a process that is gone', () => {
    expect(familyOf(77, all)).toEqual([]);
  });
});

test('ticksOf counts sessions that ended for PostgreSQL, not what node started and waited for', () => {
  expect(ticksOf(familyOf(2, all))).toEqual({ server: 100 + 10_000, postgres: 6 * (1 + 1_000) });
});
