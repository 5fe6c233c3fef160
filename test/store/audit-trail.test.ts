import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { Client, Pool, type QueryConfig, type QueryResultRow } from 'pg';
import type { AuditFilter, AuditRecord, StoredAuditRecord } from '../../src/ports.ts';
import { auditInsertion, auditRows } from '../../src/store/audit-rows.ts';
import { createAuditTrail } from '../../src/store/audit-trail.ts';
import { createConnection, type Queryable } from '../../src/store/connection.ts';
import type { Observation } from '../../src/telemetry/observation.ts';
import { freshDatabase, type TestDatabase } from '../support/database.ts';

let database: TestDatabase;
let administrator: Pool;
/** Sessions of the role that the API has. */
let api: Pool;

beforeAll(async () => {
  database = await freshDatabase();
  administrator = database.pool;
  api = new Pool({ ...database.config, max: 4 });
});

afterAll(async () => {
  await api.end();
  await database.drop();
});

/** The log only grows, so every test has its own agent and looks at that. */
const agents = (function* numbered() {
  for (let number = 1; ; number += 1) yield `agent ${number}`;
})();
const newAgent = (): string => agents.next().value;

const recordOf = (changes: Partial<AuditRecord> = {}): AuditRecord => ({
  recorded: '2026-11-22T10:00:00.123Z',
  requestId: 'r1',
  agent: 'nurse',
  client: 'ward',
  address: '10.0.0.1',
  interaction: 'read',
  action: 'R',
  outcome: '0',
  status: 200,
  resourceType: 'Observation',
  resourceId: 'o1',
  version: 2,
  patient: 'p1',
  ...changes,
});

function withoutId(stored: StoredAuditRecord): AuditRecord {
  const { id: _, ...record } = stored;
  return record;
}

async function countOf(agent: string): Promise<number> {
  const { rows } = await administrator.query<{ count: number }>(
    'SELECT count(*)::int AS count FROM audit_event WHERE agent = $1',
    [agent],
  );
  return rows[0]?.count ?? 0;
}

/** Passes queries on and counts them. */
function counted(queryable: Queryable): Queryable & { count: number } {
  const counter = {
    count: 0,
    query<Row extends QueryResultRow>(query: QueryConfig) {
      counter.count += 1;
      return queryable.query<Row>(query);
    },
  };
  return counter;
}

describe('record', () => {
  test('what is recorded is found again as it was', async () => {
    const trail = createAuditTrail(api);
    const agent = newAgent();
    const full = recordOf({ agent, query: 'code=8867-4&name=Ä', interaction: 'search-type', action: 'E' });
    const { resourceType: _, resourceId: __, version: ___, patient: ____, ...bare } = recordOf({ agent });
    await trail.record([full, bare]);
    expect(await trail.find({ agents: [agent], count: 10, ascending: true })).toEqual([
      { ...full, id: expect.stringMatching(/^\d+$/) },
      { ...bare, id: expect.stringMatching(/^\d+$/) },
    ]);
  });

  test('any text is kept; only what PostgreSQL has no character for is replaced', async () => {
    const trail = createAuditTrail(api);
    const agent = newAgent();
    await fc.assert(
      fc.asyncProperty(
        fc.oneof(
          fc.string({ unit: 'binary' }),
          fc.constantFrom('\0', '\\u0000', '\ud800', 'a\udc00b', '\\\0', '\\\\u0000'),
        ),
        async (query) => {
          await trail.record([recordOf({ agent, query })]);
          const [stored] = await trail.find({ agents: [agent], count: 1 });
          expect(stored?.query).toBe(query.replaceAll('\0', '\ufffd').replace(/\p{Surrogate}/gu, '\ufffd'));
        },
      ),
      { numRuns: 60 },
    );
  });

  test('a thousand at once are all there when they are acknowledged, by few statements', async () => {
    const writer = counted(api);
    const trail = createAuditTrail(api, { writer });
    const agent = newAgent();
    await Promise.all(
      Array.from({ length: 1_000 }, (_, number) => trail.record([recordOf({ agent, requestId: `r${number}` })])),
    );
    expect(await countOf(agent)).toBe(1_000);
    const { rows } = await administrator.query(
      'SELECT count(DISTINCT request_id)::int AS count FROM audit_event WHERE agent = $1',
      [agent],
    );
    expect(rows).toEqual([{ count: 1_000 }]);
    expect(writer.count).toBeLessThanOrEqual(3);
  });

  test('the records of one call are written together, however many', async () => {
    const writer = counted(api);
    const trail = createAuditTrail(api, { writer });
    const agent = newAgent();
    const records = Array.from({ length: 1_200 }, (_, number) => recordOf({ agent, patient: `p${number}` }));
    await Promise.all([trail.record(records), trail.record([recordOf({ agent })])]);
    expect(await countOf(agent)).toBe(1_201);
    expect(writer.count).toBe(2);
  });

  test('of nothing asks nothing of the database', async () => {
    const writer = counted(api);
    await createAuditTrail(api, { writer }).record([]);
    expect(writer.count).toBe(0);
  });

  test('one that cannot be stored fails alone', async () => {
    const told: Observation[] = [];
    const trail = createAuditTrail(api, { observe: (observation) => void told.push(observation) });
    const agent = newAgent();
    const results = await Promise.allSettled([
      trail.record([recordOf({ agent })]),
      trail.record([recordOf({ agent, version: 99_999_999_999 })]),
      trail.record([recordOf({ agent })]),
    ]);
    expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
    expect(await countOf(agent)).toBe(2);
    expect(told).toEqual([{ kind: 'audit-failed', records: 1, error: expect.any(Error) }]);
  });

  test('more than may wait are refused, and those that wait are written', async () => {
    const trail = createAuditTrail(api);
    const agent = newAgent();
    const block = Array.from({ length: 5_000 }, () => recordOf({ agent }));
    const waiting = [trail.record(block), trail.record(block)];
    await expect(trail.record([recordOf({ agent })])).rejects.toMatchObject({ status: 503 });
    await Promise.all(waiting);
    expect(await countOf(agent)).toBe(10_000);
  });

  test('close waits for what is under way and refuses what comes later', async () => {
    const trail = createAuditTrail(api);
    const agent = newAgent();
    const recorded = trail.record([recordOf({ agent })]);
    await trail.close();
    expect(await countOf(agent)).toBe(1);
    await recorded;
    await expect(trail.record([recordOf({ agent })])).rejects.toMatchObject({ status: 503 });
  });

  test('the same rows can be written within the transaction of somebody else', async () => {
    const agent = newAgent();
    const client = await api.connect();
    const statement = `WITH other AS (SELECT $1::int) ${auditInsertion('$2')}`;
    await client.query('BEGIN');
    await client.query(statement, [1, auditRows([recordOf({ agent }), recordOf({ agent })])]);
    await client.query('ROLLBACK');
    expect(await countOf(agent)).toBe(0);
    await client.query(statement, [1, auditRows([recordOf({ agent })])]);
    client.release();
    expect(await countOf(agent)).toBe(1);
  });
});

describe('when the database goes away', () => {
  const told: Observation[] = [];
  const writer = () => createConnection(database.config);
  afterEach(() => {
    told.length = 0;
  });

  async function terminate(connection: Queryable): Promise<void> {
    const { rows } = await connection.query<{ pid: number }>({ text: 'SELECT pg_backend_pid() AS pid' });
    await administrator.query('SELECT pg_terminate_backend($1, 5000)', [rows[0]?.pid]);
  }

  test('records under way are refused with 503, none is lost in silence, and it comes back by itself', async () => {
    const connection = writer();
    const trail = createAuditTrail(api, { writer: connection, observe: (one) => void told.push(one) });
    const agent = newAgent();
    const blocker = new Client(database.adminConfig);
    await blocker.connect();
    await blocker.query('BEGIN');
    await blocker.query('LOCK TABLE audit_event IN EXCLUSIVE MODE');
    const { rows } = await connection.query<{ pid: number }>({ text: 'SELECT pg_backend_pid() AS pid' });
    const records = [1, 2, 3].map(() => trail.record([recordOf({ agent })]));
    const settled = Promise.allSettled(records);
    await waitUntil(
      async () =>
        (await administrator.query('SELECT FROM pg_locks WHERE pid = $1 AND NOT granted', [rows[0]?.pid])).rowCount ===
        1,
    );
    await administrator.query('SELECT pg_terminate_backend($1, 5000)', [rows[0]?.pid]);
    const results = await settled;
    await blocker.query('ROLLBACK');
    await blocker.end();
    for (const { status, reason } of results as PromiseRejectedResult[]) {
      expect(status).toBe('rejected');
      expect(reason).toMatchObject({ status: 503, headers: { 'Retry-After': '5' } });
    }
    expect(told).toEqual([{ kind: 'audit-failed', records: 3, error: expect.any(Error) }]);
    expect(await countOf(agent)).toBe(0);
    await trail.record([recordOf({ agent })]);
    expect(await countOf(agent)).toBe(1);
    await connection.close();
  });

  test('between two records, the next one finds its way', async () => {
    const connection = writer();
    const trail = createAuditTrail(api, { writer: connection });
    const agent = newAgent();
    await trail.record([recordOf({ agent })]);
    await terminate(connection);
    await waitUntil(async () => {
      await trail.record([recordOf({ agent, requestId: 'second' })]).catch(() => undefined);
      return (await countOf(agent)) === 2;
    });
    await connection.close();
  });

  test('a database that does not answer counts as gone, and is asked again by the next record', async () => {
    const connection = createConnection({ ...database.config, pipeline: true });
    const trail = createAuditTrail(api, { writer: connection, timeoutMs: 50 });
    const agent = newAgent();
    const blocker = new Client(database.adminConfig);
    await blocker.connect();
    await blocker.query('BEGIN');
    await blocker.query('LOCK TABLE audit_event IN EXCLUSIVE MODE');
    await expect(trail.record([recordOf({ agent })])).rejects.toMatchObject({ status: 503 });
    await blocker.query('ROLLBACK');
    await blocker.end();
    await waitUntil(() =>
      trail.record([recordOf({ agent, requestId: 'later' })]).then(
        () => true,
        () => false,
      ),
    );
    expect(await trail.count({ agents: [agent] })).toBeGreaterThan(0);
    await connection.close();
  });

  test('what cannot be read is 503 too', async () => {
    const stopping = Object.assign(new Error('terminating connection'), { code: '57P01' });
    const trail = createAuditTrail({ query: () => Promise.reject(stopping) });
    await expect(trail.find({ count: 1 })).rejects.toMatchObject({ status: 503 });
    await expect(trail.count({})).rejects.toMatchObject({ status: 503 });
    await expect(trail.record([recordOf()])).rejects.toMatchObject({ status: 503 });
  });

  async function waitUntil(holds: () => Promise<boolean>): Promise<void> {
    for (let attempt = 0; attempt < 10_000; attempt += 1) if (await holds()) return;
    throw new Error('It never came to pass');
  }
});

describe('find and count', () => {
  const trail = () => createAuditTrail(api);
  const agent = 'the agent of these tests';
  const one = recordOf({ agent, recorded: '2026-01-01T00:00:00.000Z', patient: 'a', resourceId: 'x' });
  const two = recordOf({ agent, recorded: '2026-02-01T00:00:00.000Z', patient: 'b', interaction: 'vread' });
  const three = recordOf({ agent, recorded: '2026-03-01T00:00:00.000Z', patient: 'a', action: 'D', outcome: '4' });
  const four = recordOf({
    agent: `${agent}'s deputy`,
    recorded: '2026-04-01T00:00:00.000Z',
    resourceType: 'Patient',
    resourceId: 'b',
    patient: 'b',
  });

  beforeAll(async () => {
    await trail().record([one, two, three, four]);
  });

  test.each<[string, AuditFilter, AuditRecord[]]>([
    ['everything', {}, [one, two, three, four]],
    ['an agent', { agents: [`${agent}'s deputy`] }, [four]],
    ['patients', { patients: ['a'] }, [one, three]],
    ['either patient', { patients: ['a', 'b'] }, [one, two, three, four]],
    ['no patient', { patients: [] }, []],
    ['from an instant on', { from: '2026-03-01T00:00:00.000Z' }, [three, four]],
    ['from a millisecond later', { from: '2026-03-01T00:00:00.001Z' }, [four]],
    ['up to an instant', { to: '2026-02-01T00:00:00.000Z' }, [one, two]],
    ['actions', { actions: ['D'] }, [three]],
    ['outcomes', { outcomes: ['4', '8'] }, [three]],
    ['interactions', { interactions: ['vread'] }, [two]],
    ['a type', { resources: [{ type: 'Observation' }] }, [one, two, three]],
    ['a resource', { resources: [{ type: 'Observation', id: 'x' }] }, [one]],
    ['a patient as resource or as the one concerned', { resources: [{ type: 'Patient', id: 'b' }] }, [two, four]],
    ['one of several resources', { resources: [{ type: 'Observation', id: 'x' }, { type: 'Patient' }] }, [one, four]],
    ['several things at once', { patients: ['a'], actions: ['R', 'C'], to: '2026-12-31T00:00:00.000Z' }, [one]],
    ['what nobody has', { agents: ["'; DROP TABLE audit_event; --"] }, []],
    ['what nobody can have', { agents: ['\0'], ids: ['x', '-1', '9223372036854775808'] }, []],
  ])('%s', async (_, filter, expected) => {
    const within = { agents: [agent, `${agent}'s deputy`], ...filter };
    const found = await trail().find({ ...within, count: 10, ascending: true });
    expect(found.map(withoutId)).toEqual(expected);
    expect(await trail().count(within)).toBe(expected.length);
  });

  test('by id', async () => {
    const [first, second] = await trail().find({ agents: [agent], count: 2 });
    expect(await trail().find({ ids: [second?.id ?? ''], count: 10 })).toEqual([second]);
    expect(Number(first?.id)).toBeGreaterThan(Number(second?.id));
  });

  test.each([true, false])('pages follow each other without gap or repetition (ascending: %s)', async (ascending) => {
    const mine = newAgent();
    const patients = Array.from({ length: 10 }, (_, number) => `p${number}`);
    await trail().record(patients.map((patient) => recordOf({ agent: mine, patient })));
    const seen: (string | undefined)[] = [];
    let after: string | undefined;
    do {
      const page = await trail().find({ agents: [mine], count: 3, ascending, ...(after !== undefined && { after }) });
      seen.push(...page.map(({ patient }) => patient));
      after = page.at(-1)?.id;
    } while (after !== undefined);
    expect(seen).toEqual(ascending ? patients : patients.toReversed());
  });

  test('a page of none is empty', async () => {
    expect(await trail().find({ count: 0 })).toEqual([]);
  });
});

describe('the log is append-only', () => {
  const changes = [
    "UPDATE audit_event SET agent = 'somebody else'",
    'DELETE FROM audit_event',
    'TRUNCATE audit_event',
    'DROP TABLE audit_event',
    'ALTER TABLE audit_event DISABLE TRIGGER ALL',
    'DROP TRIGGER audit_event_append_only ON audit_event',
    'ALTER TABLE audit_event ADD COLUMN note text',
  ];

  test.each(changes)('the role of the API may not %s', async (statement) => {
    await expect(api.query(statement)).rejects.toMatchObject({ code: '42501' });
  });

  test('the role of the API is no superuser and owns nothing', async () => {
    const { rows } = await api.query(
      `SELECT rolsuper, rolcreaterole, rolbypassrls, (SELECT count(*)::int FROM pg_class WHERE relowner = r.oid) AS owned
       FROM pg_roles r WHERE rolname = current_user`,
    );
    expect(rows).toEqual([{ rolsuper: false, rolcreaterole: false, rolbypassrls: false, owned: 0 }]);
  });

  test.each(changes.slice(0, 3))('even a superuser is stopped at %s', async (statement) => {
    await expect(administrator.query(statement)).rejects.toMatchObject({
      code: '42501',
      message: 'the audit log is append-only',
    });
  });
});
