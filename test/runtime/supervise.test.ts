import { describe, expect, it } from '@jest/globals';
import type { PostgresProcess } from '../../src/runtime/postgres-process.ts';
import { supervise } from '../../src/runtime/supervise.ts';

interface FakeProcess extends PostgresProcess {
  end(reason: string): void;
}

function fakeProcess(pid: number): FakeProcess {
  let end!: (reason: string) => void;
  const ended = new Promise<string>((resolve) => {
    end = resolve;
  });
  return { pid, ended, end, stop: () => Promise.resolve(end('stopped')) };
}

/** Resolves with the events once the last of them is of this kind. */
function listener(last: string) {
  const events: string[] = [];
  let finish!: (events: readonly string[]) => void;
  const heard = new Promise<readonly string[]>((resolve) => {
    finish = resolve;
  });
  const tell = ({ kind }: { readonly kind: string }) => {
    events.push(kind);
    if (kind === last) finish(events);
  };
  return { tell, heard, events };
}

describe('supervise', () => {
  it('tries again when a start fails, and tells when the database is back', async () => {
    const { tell, heard } = listener('regained');
    const outcomes = [() => Promise.reject(new Error('memory in use')), () => Promise.resolve(fakeProcess(2))];
    const first = fakeProcess(1);
    const start = () => outcomes.shift()?.() ?? Promise.reject(new Error('no more'));
    const supervised = supervise(first, { start, tell, maximumRestarts: 3 });
    first.end('ended by SIGKILL');
    expect(await heard).toEqual(['lost', 'regained']);
    expect(supervised.pid()).toBe(2);
    await supervised.stop();
  });

  it('gives up after too many starts within a minute', async () => {
    const { tell, heard } = listener('given-up');
    const first = fakeProcess(1);
    let starts = 0;
    const start = () => {
      starts += 1;
      return Promise.reject<PostgresProcess>(new Error('disk full'));
    };
    supervise(first, { start, tell, maximumRestarts: 2 });
    first.end('exit code 1');
    expect(await heard).toEqual(['lost', 'given-up']);
    expect(starts).toBe(2);
  });

  it('takes a stop that was asked for as no loss', async () => {
    const { tell, events } = listener('never');
    const supervised = supervise(fakeProcess(1), {
      start: () => Promise.resolve(fakeProcess(2)),
      tell,
      maximumRestarts: 3,
    });
    await supervised.stop();
    expect(events).toEqual([]);
  });

  it('starts nothing once it was told to stop', async () => {
    const { tell } = listener('never');
    const first = fakeProcess(1);
    let starts = 0;
    const start = () => {
      starts += 1;
      return Promise.resolve(fakeProcess(2));
    };
    const supervised = supervise(first, { start, tell, maximumRestarts: 3 });
    first.end('ended by SIGKILL');
    await supervised.stop();
    expect(starts).toBe(0);
  });
});
