/** One dedicated PostgreSQL connection that comes back by itself: for the writer and for pipelined point reads. https://node-postgres.com/apis/client */
import pg from 'pg';
import { unavailable } from '../fhir/fhir-error.ts';

/** What every door of this room needs of a client, a pool or a connection. */
export interface Queryable {
  query<Row extends pg.QueryResultRow>(query: pg.QueryConfig): Promise<pg.QueryResult<Row>>;
}

export interface Connection extends Queryable {
  /** The client of this moment, for statements that must share one transaction: when it is lost, they all fail. */
  session(): Promise<Queryable>;
  close(): Promise<void>;
}

const retryDelayMs = 100;

/** Connects when first used. A lost connection fails what was under way and is replaced at the next query, at most every 100 ms. */
export function createConnection(config: pg.ClientConfig): Connection {
  let current: Promise<pg.Client> | undefined;
  let retryAt = 0;

  async function open(): Promise<pg.Client> {
    const client = new pg.Client(config);
    const forget = () => {
      current = undefined;
    };
    client.on('error', forget);
    client.on('end', forget);
    try {
      await client.connect();
      return client;
    } catch (cause) {
      current = undefined;
      retryAt = Date.now() + retryDelayMs;
      throw cause;
    }
  }

  async function connected(): Promise<pg.Client> {
    if (current) return current;
    if (Date.now() < retryAt) throw unavailable('The database cannot be reached');
    current = open();
    return current;
  }

  return {
    async query<Row extends pg.QueryResultRow>(query: pg.QueryConfig) {
      const client = await connected();
      return client.query<Row>(query);
    },
    session: connected,
    async close() {
      const client = await current?.catch(() => undefined);
      current = undefined;
      await client?.end();
    },
  };
}
