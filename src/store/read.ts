/** Point reads of current and past versions, always by primary key and always with the stored text untouched. */
import type { ResourceIdentity } from '../fhir/resource.ts';
import type { StoredVersion } from '../ports.ts';
import type { Queryable } from './connection.ts';
import { toStoredVersion, type TypeNumbers, type VersionRow } from './stored-version.ts';

const columns = 'resource_type, id, version, last_updated, method, deleted, patients, content';

const readStatement = `SELECT ${columns} FROM resource WHERE resource_type = $1 AND id = $2`;

const readManyStatement = `
SELECT ${columns}
FROM unnest($1::smallint[], $2::text[]) AS wanted(wanted_type, wanted_id)
JOIN resource ON resource_type = wanted_type AND id = wanted_id`;

const readVersionStatement = `
SELECT ${columns} FROM resource WHERE resource_type = $1 AND id = $2 AND version = $3
UNION ALL
SELECT r.resource_type, r.id, h.version, h.last_updated, h.method, h.deleted, h.patients, h.content
FROM resource r JOIN resource_history h USING (resource_key)
WHERE r.resource_type = $1 AND r.id = $2 AND h.version = $3`;

/** The current version, a tombstone when it was deleted, undefined when there never was one. */
export async function readCurrent(
  database: Queryable,
  types: TypeNumbers,
  { type, id }: ResourceIdentity,
): Promise<StoredVersion | undefined> {
  const query = { name: 'read', text: readStatement, values: [types.numberOf(type), id] };
  const { rows } = await database.query<VersionRow>(query);
  return rows[0] && toStoredVersion(rows[0], types);
}

/** Current versions of many in one statement. */
export async function readMany(
  database: Queryable,
  types: TypeNumbers,
  identities: readonly ResourceIdentity[],
): Promise<readonly StoredVersion[]> {
  if (identities.length === 0) return [];
  const values = [identities.map(({ type }) => types.numberOf(type)), identities.map(({ id }) => id)];
  const { rows } = await database.query<VersionRow>({ name: 'read-many', text: readManyStatement, values });
  return rows.map((row) => toStoredVersion(row, types));
}

/** One version, current or superseded. */
export async function readVersion(
  database: Queryable,
  types: TypeNumbers,
  identity: ResourceIdentity & { readonly version: number },
): Promise<StoredVersion | undefined> {
  const values = [types.numberOf(identity.type), identity.id, identity.version];
  const { rows } = await database.query<VersionRow>({ name: 'read-version', text: readVersionStatement, values });
  return rows[0] && toStoredVersion(rows[0], types);
}
