/** Conformance resources by canonical URL, of installed guides and of clients. https://hl7.org/fhir/R4/references.html#canonical */
import type pg from 'pg';
import { type ConformanceType, isConformanceType } from '../fhir/conformance.ts';
import { toSearchParameter } from '../fhir/search-parameter.ts';
import type { CanonicalIdentity, ConformanceStore, StoredCanonical } from '../ports.ts';
import type { Observe } from '../telemetry/observation.ts';
import { createChangeListener } from './change-listener.ts';
import { createConnection, type Queryable } from './connection.ts';
import { listGuides, listProfiles } from './guides.ts';
import { fromDatabase } from './pg-error.ts';

/** Of the resources that clients stored under one URL: more versions than these are not looked at. */
const versionsPerUrl = 10;

// the postings find what clients stored; a posting may be of another text only while a reindex runs
const loadStatement = `
WITH wanted AS MATERIALIZED (
  SELECT * FROM unnest($1::text[], $2::text[], $3::bigint[]) AS given(type, url, parameter_key)
)
SELECT 0 AS source, canonical_key AS age, w.type, w.url, content
FROM wanted w JOIN canonical_resource c ON c.type = w.type AND c.url = w.url
UNION ALL
SELECT 1, resource_key, w.type, w.url, content
FROM wanted w CROSS JOIN LATERAL (
  SELECT resource_key FROM uri_index i
  WHERE i.parameter_key = w.parameter_key AND i.value = w.url ORDER BY resource_key DESC LIMIT ${versionsPerUrl}
) AS posting JOIN resource USING (resource_key) WHERE NOT deleted
ORDER BY source, age`;

/** More are not looked at; nobody has as many. */
const maximumParameters = 5_000;

// of one url what a client stored comes before what a guide brought
const parametersStatement = `
(SELECT content FROM resource WHERE resource_type = $1 AND NOT deleted ORDER BY resource_key DESC LIMIT ${maximumParameters})
UNION ALL
(SELECT DISTINCT ON (c.url) content FROM canonical_resource c
JOIN guide ON name = guide_name AND guide.version = guide_version
WHERE type = 'SearchParameter' AND c.url IS NOT NULL ORDER BY c.url, added DESC, canonical_key DESC)`;

export interface ConformanceStoreOptions {
  /** A migrated database, as the API's role. */
  readonly database: pg.ClientConfig;
  /** Key of the search parameter `url` of a type in the index tables. */
  urlKeyOf(type: ConformanceType): string;
  /** Number of the type SearchParameter in the tables. */
  readonly searchParameterType: number;
  readonly observe: Observe;
}

export interface OpenConformanceStore extends ConformanceStore {
  /** Ends all connections. */
  close(): Promise<void>;
}

interface CanonicalRow {
  type: string;
  url: string;
  content: string;
}

function toCanonical({ type, url, content }: CanonicalRow): readonly StoredCanonical[] {
  const resource = JSON.parse(content) as { readonly url?: unknown };
  return isConformanceType(type) && resource.url === url ? [{ type, url, resource, size: content.length }] : [];
}

async function load(
  database: Queryable,
  wanted: readonly CanonicalIdentity[],
  urlKeyOf: ConformanceStoreOptions['urlKeyOf'],
): Promise<readonly StoredCanonical[]> {
  const values = [
    wanted.map(({ type }) => type),
    wanted.map(({ url }) => url),
    wanted.map(({ type }) => urlKeyOf(type)),
  ];
  const { rows } = await database.query<CanonicalRow>({ name: 'load-canonicals', text: loadStatement, values });
  return rows.flatMap(toCanonical);
}

/** Opens the store on two connections of its own: one asks, made when first needed, one listens once somebody wants to hear of changes. */
export function openConformanceStore({
  database,
  urlKeyOf,
  searchParameterType,
  observe,
}: ConformanceStoreOptions): OpenConformanceStore {
  const connection = createConnection({ ...database, connectionTimeoutMillis: 5_000 });
  const asking: Queryable = {
    query: (query) =>
      connection.query(query).catch((cause: unknown) => {
        throw fromDatabase(cause);
      }) as never,
  };
  const listeners = new Set<() => void>();
  const changed = () => {
    for (const listener of listeners) listener();
  };
  let hearing: ReturnType<typeof createChangeListener> | undefined;

  return {
    load: (wanted) => load(asking, wanted, urlKeyOf),
    guides: () => listGuides(asking),
    profiles: () => listProfiles(asking),
    async searchParameters() {
      const values = [searchParameterType];
      const { rows } = await asking.query<{ content: string }>({ text: parametersStatement, values });
      return rows.flatMap(({ content }) => toSearchParameter(JSON.parse(content) as object) ?? []);
    },
    changed(listener) {
      // one and the same function may be given twice
      const own = () => listener();
      listeners.add(own);
      hearing ??= createChangeListener({ database, observe, changed });
      return () => void listeners.delete(own);
    },
    async close() {
      await Promise.all([connection.close(), hearing?.close()]);
    },
  };
}
