/** Keeps PostgreSQL running: starts it again when it ends by itself, and recovers what it had acknowledged, but not for ever. */
import { setTimeout as delay } from 'node:timers/promises';
import type { PostgresProcess } from './postgres-process.ts';

/** What became of a database that was running. `given-up`: it will not come back without help. */
export type PostgresEvent =
  | { readonly kind: 'lost'; readonly error: Error }
  | { readonly kind: 'regained' }
  | { readonly kind: 'given-up'; readonly error: Error };

export interface SuperviseOptions {
  start(): Promise<PostgresProcess>;
  tell(event: PostgresEvent): void;
  /** Starts within a minute before giving up. */
  readonly maximumRestarts: number;
}

export interface Supervised {
  /** Process number of the PostgreSQL that runs now, or ran last. */
  pid(): number;
  /** Stops PostgreSQL and stops watching. */
  stop(): Promise<void>;
}

const firstDelayMs = 50;
const longestDelayMs = 2_000;
const windowMs = 60_000;

/** Watches a running PostgreSQL. Sessions of the killed one may linger a moment and keep its memory: then a start fails and is tried again, later each time. */
export function supervise(first: PostgresProcess, { start, tell, maximumRestarts }: SuperviseOptions): Supervised {
  const stopping = new AbortController();
  const restarts: number[] = [];
  let current = first;

  async function restart(reason: Error): Promise<boolean> {
    let error = reason;
    while (!stopping.signal.aborted) {
      const recent = restarts.filter((time) => time > Date.now() - windowMs).length;
      if (recent >= maximumRestarts) {
        tell({ kind: 'given-up', error });
        return false;
      }
      await delay(Math.min(firstDelayMs * 2 ** recent, longestDelayMs));
      if (stopping.signal.aborted) return false;
      restarts.push(Date.now());
      try {
        current = await start();
        return true;
      } catch (cause) {
        error = cause instanceof Error ? cause : new Error(String(cause));
      }
    }
    return false;
  }

  async function watch(): Promise<void> {
    for (;;) {
      const reason = await current.ended;
      if (stopping.signal.aborted) return;
      const error = new Error(`PostgreSQL ended unexpectedly (${reason})`);
      tell({ kind: 'lost', error });
      if (!(await restart(error))) return;
      tell({ kind: 'regained' });
    }
  }

  const watching = watch();
  return {
    pid: () => current.pid,
    async stop() {
      stopping.abort();
      await current.stop();
      await watching;
    },
  };
}
