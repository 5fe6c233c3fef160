import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { readConfig } from '../../src/config.ts';
import { allowApiRole, configuredAccess, embeddedAccess } from '../../src/runtime/database-access.ts';
import { freshDatabase, type TestDatabase } from '../support/database.ts';

const url = 'postgres://owner:pw@db.example.org/vesta';

describe('configuredAccess', () => {
  it('is undefined without DATABASE_URL', () => {
    expect(configuredAccess(readConfig({}))).toBeUndefined();
  });

  it('takes the role of the API in sessions of the owner', () => {
    expect(configuredAccess(readConfig({ DATABASE_URL: url }))).toEqual({
      owner: { connectionString: url },
      api: { connectionString: url, options: '-c role=vesta_api' },
    });
  });

  it('keeps the options of the URL, which would win over the role', () => {
    const withOptions = `${url}?sslmode=require&options=-c%20work_mem%3D8MB`;
    expect(configuredAccess(readConfig({ DATABASE_URL: withOptions }))?.api).toEqual({
      connectionString: `${url}?sslmode=require`,
      options: '-c work_mem=8MB -c role=vesta_api',
    });
  });

  it('uses two URLs as they are', () => {
    const api = 'postgres://vesta_api:pw@db.example.org/vesta';
    expect(configuredAccess(readConfig({ DATABASE_URL: api, DATABASE_MIGRATION_URL: url }))).toEqual({
      owner: { connectionString: url },
      api: { connectionString: api },
    });
  });
});

describe('embeddedAccess', () => {
  it('has the superuser for the owner', () => {
    const { owner, api } = embeddedAccess({ host: '/tmp/s', port: 5432 });
    expect([owner.user, api.user]).toEqual(['postgres', 'vesta_api']);
  });
});

describe('allowApiRole', () => {
  const roles = ['maker', 'stranger'].map((name) => `${name}_${randomBytes(6).toString('hex')}`);
  const [maker = '', stranger = ''] = roles;
  let database: TestDatabase;

  const accessOf = (user: string) => {
    const owner = { ...database.adminConfig, user };
    return { owner, api: { ...owner, options: '-c role=vesta_api' } };
  };

  beforeAll(async () => {
    database = await freshDatabase();
    for (const role of roles) await database.pool.query(`CREATE ROLE ${role} LOGIN CREATEROLE`);
    // what PostgreSQL 16 and later give the maker of a role: he may grant it, and not take it
    await database.pool.query(`GRANT vesta_api TO ${maker} WITH ADMIN TRUE, INHERIT FALSE, SET FALSE`);
  });

  afterAll(async () => {
    for (const role of roles) await database.pool.query(`DROP OWNED BY ${role} CASCADE`);
    for (const role of roles) await database.pool.query(`DROP ROLE ${role}`);
    await database.drop();
  });

  it('lets the maker of the role take it', async () => {
    const access = accessOf(maker);
    await allowApiRole(access);
    const client = new pg.Client(access.api);
    await client.connect();
    const { rows } = await client.query('SELECT current_user AS role');
    await client.end();
    expect(rows).toEqual([{ role: 'vesta_api' }]);
  });

  it('has nothing to do for a superuser', async () => {
    await expect(allowApiRole(accessOf('postgres'))).resolves.toBeUndefined();
  });

  it('tells what to do where it may not', async () => {
    await expect(allowApiRole(accessOf(stranger))).rejects.toThrow('GRANT vesta_api TO');
  });
});
