/** The running server: a socket, a migrated database and the app between them, and their end in the order that loses nothing. */
import type { RequestListener } from 'node:http';
import { type Config, withPort } from './config.ts';
import { ensureAdminToken } from './runtime/admin-token.ts';
import { type HttpListener, listen } from './runtime/http-listener.ts';
import { type StartedDatabase, startDatabase } from './runtime/start-database.ts';
import type { PostgresEvent } from './runtime/supervise.ts';
import { createLogger } from './telemetry/logger.ts';
import type { Observe } from './telemetry/observation.ts';
import { createObserver } from './telemetry/observer.ts';

export interface RunningServer {
  /** Base URL of the API. */
  readonly url: string;
  /** Set when an admin token was made just now: the token and the file that keeps it. */
  readonly newAdminToken?: { readonly token: string; readonly file: string };
  /** Resolves when the server cannot go on by itself. */
  readonly failed: Promise<Error>;
  /** Lets requests under way finish, then closes the database. The same promise however often it is called. */
  stop(reason?: string): Promise<void>;
}

interface Doorstep {
  readonly listener: HttpListener;
  /** Lets requests in: those that came while the database was starting, and all later ones. */
  open(handler: RequestListener): void;
}

/** The rest of starting, once the port is taken. */
interface Start {
  readonly config: Config;
  readonly doorstep: Doorstep;
  readonly observe: Observe;
  readonly failed: Promise<Error>;
}

function deferred<Value>() {
  let resolve!: (value: Value) => void;
  const promise = new Promise<Value>((onResolve) => {
    resolve = onResolve;
  });
  return { promise, resolve };
}

/** Takes the port before anything is started, so that a port in use is told at once. */
async function takePort({ host, port }: Config): Promise<Doorstep> {
  const opened = deferred<RequestListener>();
  let handler: RequestListener = (request, response) => {
    void opened.promise.then((late) => late(request, response));
  };
  const listener = await listen({ host, port, handler: (request, response) => handler(request, response) });
  return {
    listener,
    open(real) {
      handler = real;
      opened.resolve(real);
    },
  };
}

/** Runs the next step; when it fails, undoes the one before. */
async function orUndo<Value>(step: Promise<Value>, undo: () => Promise<void>): Promise<Value> {
  try {
    return await step;
  } catch (cause) {
    // the first failure is the one to tell
    await undo().catch(() => undefined);
    throw cause;
  }
}

/** Stops in order, each step even when the one before failed. */
async function inOrder(steps: readonly (() => Promise<void>)[]): Promise<void> {
  const failures: unknown[] = [];
  for (const step of steps) await step().catch((cause: unknown) => failures.push(cause));
  if (failures.length > 0) throw failures[0];
}

async function openApp(start: Start, database: StartedDatabase, loading: Promise<typeof import('./app.ts')>) {
  const { config, doorstep, observe, failed } = start;
  const { createApp } = await loading;
  const { token, madeIn } = ensureAdminToken(config.dataDirectory, config.adminToken);
  const app = await createApp({ config, database: database.api, adminToken: token, observe });
  doorstep.open(app.handler);
  observe({ kind: 'server-started', url: config.baseUrl });
  const steps = [() => doorstep.listener.close(config.shutdownMs), () => app.close(), () => database.stop()];
  let stopped: Promise<void> | undefined;
  const server: RunningServer = {
    url: config.baseUrl,
    ...(madeIn !== undefined && { newAdminToken: { token, file: madeIn } }),
    failed,
    stop(reason = 'asked to') {
      if (!stopped) observe({ kind: 'server-stopping', reason });
      stopped ??= inOrder(steps).then(() => observe({ kind: 'server-stopped' }));
      return stopped;
    },
  };
  return server;
}

async function openDatabase(start: Start, tell: (event: PostgresEvent) => void): Promise<RunningServer> {
  // the app's modules load while PostgreSQL starts
  const loading = import('./app.ts');
  loading.catch(() => undefined);
  const database = await startDatabase(start.config, tell);
  const { migrations } = database;
  if (migrations.length > 0) start.observe({ kind: 'database-migrated', migrations });
  return orUndo(openApp(start, database, loading), () => database.stop());
}

/** Starts everything; resolves when requests are answered. When it fails, nothing is left running. */
export async function serve(configured: Config): Promise<RunningServer> {
  const observe = createObserver([createLogger({ level: configured.logLevel })]);
  const failure = deferred<Error>();
  const tell = (event: PostgresEvent) => {
    if (event.kind === 'regained') observe({ kind: 'database-regained' });
    else observe({ kind: 'database-lost', error: event.error });
    if (event.kind === 'given-up') failure.resolve(event.error);
  };
  const doorstep = await takePort(configured);
  const config = withPort(configured, doorstep.listener.port);
  const start: Start = { config, doorstep, observe, failed: failure.promise };
  return orUndo(openDatabase(start, tell), () => doorstep.listener.close(0));
}
