/** What PostgreSQL does to answer a search. https://www.postgresql.org/docs/current/sql-explain.html */
import type { SQL } from 'drizzle-orm';
import type { ExplainedStatement, SearchPlan } from '../search-ports.ts';
import type { Queryable } from './connection.ts';
import { toStatement } from './search.ts';

interface PlanNode {
  readonly 'Actual Rows'?: number;
  readonly 'Actual Loops'?: number;
  readonly 'Rows Removed by Filter'?: number;
  readonly 'Relation Name'?: string;
  readonly Plans?: readonly PlanNode[];
}

interface Explained {
  readonly Plan: PlanNode;
  readonly 'Execution Time': number;
}

/** Rows that were taken out of tables and indexes, those that were of no use among them. */
function readRowsOf(node: PlanNode): number {
  const loops = node['Actual Loops'] ?? 1;
  const own =
    node['Relation Name'] === undefined
      ? 0
      : ((node['Actual Rows'] ?? 0) + (node['Rows Removed by Filter'] ?? 0)) * loops;
  return (node.Plans ?? []).reduce((sum, child) => sum + readRowsOf(child), Math.round(own));
}

async function explainOne(database: Queryable, purpose: string, statement: SQL): Promise<ExplainedStatement> {
  const { text, values } = toStatement(statement);
  const { rows } = await database.query<{ 'QUERY PLAN': readonly Explained[] }>({
    text: `EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) ${text}`,
    values,
  });
  const [explained] = rows[0]?.['QUERY PLAN'] ?? [];
  if (!explained) throw new Error('PostgreSQL explained nothing');
  return {
    purpose,
    sql: text,
    plan: explained,
    milliseconds: explained['Execution Time'],
    rows: explained.Plan['Actual Rows'] ?? 0,
    readRows: readRowsOf(explained.Plan),
  };
}

/** Runs the statements of a search, all of its phases, and tells how each went. */
export async function explainSearch(
  database: Queryable,
  { probes, page, total }: SearchPlan,
): Promise<readonly ExplainedStatement[]> {
  const found: number[] = [];
  const explained: ExplainedStatement[] = [];
  for (const [index, probe] of probes.entries()) {
    explained.push(await explainOne(database, `count of criterion ${index + 1}, up to a limit`, probe));
    const { text, values } = toStatement(probe);
    const { rows } = await database.query<{ found: number }>({ text, values });
    found.push(rows[0]?.found ?? 0);
  }
  for (const [index, statement] of (page?.(found) ?? []).entries()) {
    explained.push(
      await explainOne(database, index === 0 ? 'page' : `page, part ${index + 1}, if it is not full yet`, statement),
    );
  }
  if (total) explained.push(await explainOne(database, 'total', total(found)));
  return explained;
}
