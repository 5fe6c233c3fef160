/** What referential integrity asks of the tables, inside the transaction that writes. https://www.postgresql.org/docs/current/explicit-locking.html#LOCKING-ROWS */
import type { ResourceIdentity } from '../fhir/resource.ts';
import type { ReferrerQuery, Referrers } from '../ports.ts';
import type { Queryable } from './connection.ts';
import type { TypeNumbers } from './stored-version.ts';

// against each other these do not wait; a deletion waits for them, and they for it
const keepStatement = `
SELECT resource_type, id FROM unnest($1::smallint[], $2::text[]) AS wanted(wanted_type, wanted_id)
JOIN resource ON resource_type = wanted_type AND id = wanted_id
WHERE NOT deleted ORDER BY resource_type, id FOR KEY SHARE OF resource`;

const lockStatement = keepStatement.replace('FOR KEY SHARE', 'FOR UPDATE');

const referrersStatement = `
SELECT r.resource_type, count(DISTINCT r.resource_key)::int AS count
FROM reference_index i JOIN resource r USING (resource_key)
WHERE i.target_key = ANY($1::bigint[]) AND NOT r.deleted
  AND NOT EXISTS (SELECT FROM unnest($2::smallint[], $3::text[]) AS own(type, id) WHERE own.type = r.resource_type AND own.id = r.id)
GROUP BY r.resource_type ORDER BY r.resource_type`;

interface IdentityRow {
  resource_type: number;
  id: string;
}

const columnsOf = (identities: readonly ResourceIdentity[], types: TypeNumbers) => [
  identities.map(({ type }) => types.numberOf(type)),
  identities.map(({ id }) => id),
];

/** Those that exist now; `keep` lets nobody delete them until the transaction ends, `change` lets nobody refer to them either. */
export async function lockIdentities(
  database: Queryable,
  types: TypeNumbers,
  { identities, purpose }: { readonly identities: readonly ResourceIdentity[]; readonly purpose: 'keep' | 'change' },
): Promise<readonly ResourceIdentity[]> {
  if (identities.length === 0) return [];
  const query =
    purpose === 'keep' ? { name: 'keep-targets', text: keepStatement } : { name: 'lock-targets', text: lockStatement };
  const { rows } = await database.query<IdentityRow>({ ...query, values: columnsOf(identities, types) });
  return rows.map(({ resource_type, id }) => ({ type: types.nameOf(resource_type), id }));
}

/** How many current resources refer to one of the targets, by type. */
export async function countReferrers(
  database: Queryable,
  types: TypeNumbers,
  { targetKeys, except }: ReferrerQuery,
): Promise<readonly Referrers[]> {
  if (targetKeys.length === 0) return [];
  const values = [targetKeys, ...columnsOf(except, types)];
  const query = { name: 'count-referrers', text: referrersStatement, values };
  const { rows } = await database.query<{ resource_type: number; count: number }>(query);
  return rows.map(({ resource_type, count }) => ({ type: types.nameOf(resource_type), count }));
}
