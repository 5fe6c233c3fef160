/** The whole API on a database and a port of its own: real HTTP, real PostgreSQL. */
import type { RequestListener } from 'node:http';
import { createApp } from '../../src/app.ts';
import { readConfig } from '../../src/config.ts';
import { listen } from '../../src/runtime/http-listener.ts';
import { createToken } from '../../src/store/token-store.ts';
import type { Observation } from '../../src/telemetry/observation.ts';
import { freshDatabase, type TestDatabase } from './database.ts';

export const adminToken = 'test-admin-token-0123456789-0123456789-0123456789';

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  /** The parsed body, undefined when there is none. */
  // oxlint-disable-next-line typescript/no-explicit-any -- tests look into bodies of any shape
  readonly body: any;
}

export interface Ask {
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  /** Bearer token; the admin's by default, `null` for none. */
  readonly token?: string | null;
}

export interface TestApi {
  /** FHIR base, without a slash at the end. */
  readonly base: string;
  readonly database: TestDatabase;
  /** What the server has observed so far. */
  readonly observations: readonly Observation[];
  /** Sends a request; `path` is relative to the base. A string body goes out as it is, anything else as JSON. */
  ask(method: string, path: string, options?: Ask): Promise<Answer>;
  /** A token with these scopes. */
  tokenFor(...scopes: string[]): Promise<string>;
  close(): Promise<void>;
}

async function send(
  base: string,
  method: string,
  path: string,
  { body, headers, token = adminToken }: Ask,
): Promise<Answer> {
  const response = await fetch(path === '' ? base : `${base}/${path}`, {
    method,
    headers: {
      ...(token !== null && { Authorization: `Bearer ${token}` }),
      ...(body !== undefined && { 'Content-Type': 'application/fhir+json' }),
      ...headers,
    },
    ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  });
  const text = await response.text();
  return { status: response.status, headers: response.headers, text, body: text === '' ? undefined : JSON.parse(text) };
}

/** Starts the API; close it in `afterAll`. `environment` adds to the settings. A database that is given is kept. */
export async function startApi(
  environment: Readonly<Record<string, string>> = {},
  given?: TestDatabase,
): Promise<TestApi> {
  const database = given ?? (await freshDatabase());
  let handler: RequestListener = () => undefined;
  // the settings need the port, and the port needs a server
  const listener = await listen({
    host: '127.0.0.1',
    port: 0,
    handler: (request, response) => handler(request, response),
  });
  const { port } = listener;
  const base = `http://127.0.0.1:${port}/fhir`;
  const config = readConfig({
    VESTA_RATE_LIMIT: 'off',
    VESTA_RATE_LIMIT_IP: 'off',
    PORT: String(port),
    VESTA_BASE_URL: base,
    ...environment,
  });
  const observations: Observation[] = [];
  const app = await createApp({
    config,
    database: database.config,
    adminToken,
    observe: (observation) => observations.push(observation),
  });
  ({ handler } = app);
  return {
    base,
    database,
    observations,
    ask: (method, path, options = {}) => send(base, method, path, options),
    async tokenFor(...scopes) {
      const expires = new Date(Date.now() + 3_600_000);
      const { token } = await createToken(database.pool, {
        client: 'test-client',
        agent: 'test-agent',
        scopes,
        expires,
      });
      return token;
    },
    async close() {
      await listener.close(0);
      await app.close();
      if (!given) await database.drop();
    },
  };
}
