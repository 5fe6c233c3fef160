/** The PostgreSQL that all test files share; `global-setup.ts` starts it, and tells the workers where it is by the environment. */
import type pg from 'pg';

export const templateDatabase = 'vesta_template';
const variable = 'VESTA_TEST_POSTGRES';

export function announceCluster(connection: { readonly host: string; readonly port: number }): void {
  process.env[variable] = JSON.stringify(connection);
}

/** How to reach the shared PostgreSQL as its superuser. */
export function sharedCluster(database: string): pg.ClientConfig {
  const announced = process.env[variable];
  if (!announced) throw new Error('No test database: run the tests with jest, whose global setup starts one');
  return { ...(JSON.parse(announced) as { host: string; port: number }), user: 'postgres', database };
}
