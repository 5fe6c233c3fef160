/** Implementation guides in the database: added and removed whole, by the owner of the tables. */
import type { Guide, GuideResource, InstalledGuide, GuideProfile } from '../ports.ts';
import type { Queryable } from './connection.ts';

/** A statement carries this many resources or, if that is less, this many UTF-16 units of them. */
const batchResources = 500;
const batchCharacters = 8_000_000;

const insertResources = `
INSERT INTO canonical_resource (guide_name, guide_version, type, url, version, content)
SELECT $1, $2, type, url, version, content
FROM unnest($3::text[], $4::text[], $5::text[], $6::text[])
  WITH ORDINALITY AS given(type, url, version, content, position) ORDER BY position`;

const listStatement = `
SELECT name, g.version, title, canonical, added,
  coalesce(json_object_agg(type, number ORDER BY type) FILTER (WHERE type IS NOT NULL), '{}') AS counts
FROM guide g LEFT JOIN (
  SELECT guide_name, guide_version, type, count(*)::int AS number FROM canonical_resource GROUP BY 1, 2, 3
) AS counted ON guide_name = name AND guide_version = g.version
GROUP BY name, g.version ORDER BY name, g.version`;

async function insertBatch(database: Queryable, { name, version }: Guide, batch: readonly GuideResource[]) {
  const column = (of: (resource: GuideResource) => string | undefined) => batch.map((one) => of(one) ?? null);
  const values = [
    name,
    version,
    column(({ type }) => type),
    column(({ url }) => url),
    column((resource) => resource.version),
    column(({ text }) => text),
  ];
  await database.query({ name: 'add-canonicals', text: insertResources, values });
}

async function insertAll(database: Queryable, guide: Guide, resources: AsyncIterable<GuideResource>): Promise<void> {
  let batch: GuideResource[] = [];
  let characters = 0;
  for await (const resource of resources) {
    batch.push(resource);
    characters += resource.text.length;
    if (batch.length < batchResources && characters < batchCharacters) continue;
    await insertBatch(database, guide, batch);
    batch = [];
    characters = 0;
  }
  if (batch.length > 0) await insertBatch(database, guide, batch);
}

/** Adds a guide with its resources in the place of the one that has its name and version. When `resources` throws, or anything else does, all stays as it was. Needs a session of its own, as the owner of the tables. */
export async function addGuide(
  session: Queryable,
  guide: Guide,
  resources: AsyncIterable<GuideResource>,
): Promise<void> {
  const { name, version, title = null, canonical = null } = guide;
  await session.query({ text: 'BEGIN' });
  try {
    // one guide after the other; whoever reads does not wait
    await session.query({ text: 'LOCK TABLE guide IN SHARE ROW EXCLUSIVE MODE' });
    await session.query({ text: 'DELETE FROM guide WHERE name = $1 AND version = $2', values: [name, version] });
    const text = 'INSERT INTO guide (name, version, title, canonical) VALUES ($1, $2, $3, $4)';
    await session.query({ text, values: [name, version, title, canonical] });
    await insertAll(session, guide, resources);
    await session.query({ text: 'COMMIT' });
  } catch (cause) {
    await session.query({ text: 'ROLLBACK' }).catch(() => undefined);
    throw cause;
  }
}

interface GuideRow {
  name: string;
  version: string;
  title: string | null;
  canonical: string | null;
  added: Date;
  counts: Record<string, number>;
}

/** Every installed guide, by name and version. */
export async function listGuides(database: Queryable): Promise<readonly InstalledGuide[]> {
  const { rows } = await database.query<GuideRow>({ text: listStatement });
  return rows.map(({ name, version, title, canonical, added, counts }) => ({
    name,
    version,
    ...(title !== null && { title }),
    ...(canonical !== null && { canonical }),
    added: added.toISOString(),
    counts,
  }));
}

/** Removes a guide and its resources. False when there is none of that name and version. */
/** Profiles of resource types that guides define, each once. */
export async function listProfiles(database: Queryable): Promise<readonly GuideProfile[]> {
  const text = `
SELECT DISTINCT content::json ->> 'type' AS type, url FROM canonical_resource
WHERE type = 'StructureDefinition' AND url IS NOT NULL
  AND content::json ->> 'kind' = 'resource' AND content::json ->> 'derivation' = 'constraint'
ORDER BY type, url`;
  const { rows } = await database.query<{ type: string; url: string }>({ text });
  return rows;
}

export async function removeGuide(database: Queryable, name: string, version: string): Promise<boolean> {
  const text = 'DELETE FROM guide WHERE name = $1 AND version = $2 RETURNING name';
  const { rows } = await database.query({ text, values: [name, version] });
  return rows.length > 0;
}

/** Those of the URLs that StructureDefinitions of installed guides have. */
export async function findDefined(database: Queryable, urls: readonly string[]): Promise<ReadonlySet<string>> {
  const text = "SELECT DISTINCT url FROM canonical_resource WHERE type = 'StructureDefinition' AND url = ANY ($1)";
  const { rows } = await database.query<{ url: string }>({ text, values: [urls] });
  return new Set(rows.map(({ url }) => url));
}
