/** Hears when conformance resources change, in whatever process: LISTEN on a connection of its own, which comes back by itself. https://www.postgresql.org/docs/current/sql-listen.html */
import pg from 'pg';
import type { Observe } from '../telemetry/observation.ts';

const channel = 'vesta_conformance';
const shortestDelayMs = 100;
const longestDelayMs = 10_000;

export interface ChangeListener {
  close(): Promise<void>;
}

export interface ChangeListenerOptions {
  readonly database: pg.ClientConfig;
  readonly observe: Observe;
  /** Called after each change, and when listening begins or begins again: something may have changed unheard. */
  changed(): void;
}

/** A client whose loss is found out within minutes even when no packet tells of it. */
function openClient(database: pg.ClientConfig): pg.Client {
  return new pg.Client({
    ...database,
    keepAlive: true,
    keepAliveInitialDelayMillis: 10_000,
    connectionTimeoutMillis: 5_000,
  });
}

/** Resolves when the connection has ended; rejects when it cannot be made. */
async function listen(client: pg.Client, changed: () => void): Promise<void> {
  const ended = new Promise<void>((resolve) => {
    client.once('end', resolve);
    client.on('error', () => resolve());
  });
  client.on('notification', changed);
  await client.connect();
  await client.query({ text: `LISTEN ${channel}` });
  changed();
  await ended;
}

/** Listens until closed. A lost connection is made anew after 0.1 to 10 s, longer with every failure. */
export function createChangeListener({ database, observe, changed }: ChangeListenerOptions): ChangeListener {
  const closing = new AbortController();
  let client: pg.Client | undefined;

  async function listenOnce(): Promise<'ended' | 'failed'> {
    client = openClient(database);
    try {
      await listen(client, changed);
      if (!closing.signal.aborted) observe({ kind: 'database-lost', error: new Error('Listening for changes ended') });
      return 'ended';
    } catch (error) {
      if (!closing.signal.aborted) observe({ kind: 'database-lost', error });
      return 'failed';
    } finally {
      await client.end().catch(() => undefined);
    }
  }

  function pause(milliseconds: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, milliseconds);
      closing.signal.addEventListener('abort', () => {
        clearTimeout(timer);
        resolve();
      });
    });
  }

  async function run(): Promise<void> {
    let delay = shortestDelayMs;
    while (!closing.signal.aborted) {
      delay = (await listenOnce()) === 'ended' ? shortestDelayMs : Math.min(delay * 2, longestDelayMs);
      await pause(closing.signal.aborted ? 0 : delay);
    }
  }

  const running = run();
  return {
    async close() {
      closing.abort();
      await client?.end().catch(() => undefined);
      await running;
    },
  };
}
