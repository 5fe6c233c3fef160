/** The plan of a statement as it runs in the server: prepared once for all values, on connections with the same options. https://www.postgresql.org/docs/18/sql-explain.html */
import type { SQL } from 'drizzle-orm';
import { PgDialect } from 'drizzle-orm/pg-core';
import pg from 'pg';
import { plannerOptions } from '../../../src/store/resource-store.ts';

export interface PlanNode {
  readonly 'Node Type': string;
  readonly Strategy?: string;
  readonly 'Scan Direction'?: string;
  readonly 'Relation Name'?: string;
  readonly 'Index Name'?: string;
  readonly 'Actual Rows': number;
  readonly 'Actual Loops': number;
  readonly 'Rows Removed by Filter'?: number;
  readonly Plans?: readonly PlanNode[];
}

export interface Explaining {
  /** What the statement did, and what it found. */
  explain(statement: SQL): Promise<PlanNode>;
  run<Row extends pg.QueryResultRow>(statement: SQL): Promise<readonly Row[]>;
  close(): Promise<void>;
}

const dialect = new PgDialect();

function literalOf(value: unknown): string {
  if (value === null) return 'NULL';
  if (Array.isArray(value)) return pg.escapeLiteral(`{${value.map((one) => JSON.stringify(String(one))).join(',')}}`);
  return pg.escapeLiteral(typeof value === 'string' ? value : JSON.stringify(value));
}

export async function openExplaining(config: pg.ClientConfig): Promise<Explaining> {
  const client = new pg.Client({ ...config, options: plannerOptions });
  await client.connect();
  let prepared = 0;
  return {
    async explain(statement) {
      const { sql: text, params } = dialect.sqlToQuery(statement);
      prepared += 1;
      await client.query(`PREPARE plan_${prepared} AS ${text}`);
      const values = params.length === 0 ? '' : `(${params.map(literalOf).join(', ')})`;
      const { rows } = await client.query<{ 'QUERY PLAN': readonly { readonly Plan: PlanNode }[] }>(
        `EXPLAIN (ANALYZE, TIMING OFF, FORMAT JSON) EXECUTE plan_${prepared}${values}`,
      );
      const [explained] = rows[0]?.['QUERY PLAN'] ?? [];
      if (!explained) throw new Error('PostgreSQL explained nothing');
      return explained.Plan;
    },
    async run<Row extends pg.QueryResultRow>(statement: SQL) {
      const { sql: text, params } = dialect.sqlToQuery(statement);
      return (await client.query<Row>(text, params)).rows;
    },
    close: () => client.end(),
  };
}

export const nodesOf = (node: PlanNode): readonly PlanNode[] => [node, ...(node.Plans ?? []).flatMap(nodesOf)];

/** Rows that came out of the tables and indexes below, those that were of no use among them. */
export function readRows(plan: PlanNode): number {
  const scans = nodesOf(plan).filter((node) => node['Relation Name'] !== undefined);
  const rows = scans.map(
    (node) => (node['Actual Rows'] + (node['Rows Removed by Filter'] ?? 0)) * node['Actual Loops'],
  );
  return Math.round(rows.reduce((sum, one) => sum + one, 0));
}

/** Rows that a node takes in at once before it gives the first out. */
export function gatheredRows(node: PlanNode): number {
  const gathers =
    node['Node Type'].endsWith('Sort') || (node['Node Type'] === 'Aggregate' && node.Strategy === 'Hashed');
  const [input] = node.Plans ?? [];
  return gathers && input ? input['Actual Rows'] : 0;
}

/** `Index Only Scan Backward token_index_pkey` */
export function scanOf(node: PlanNode): string | undefined {
  const target = node['Index Name'] ?? node['Relation Name'];
  if (target === undefined) return undefined;
  const direction = node['Scan Direction'] === 'Backward' ? ' Backward' : '';
  return `${node['Node Type']}${direction} ${target}`;
}
