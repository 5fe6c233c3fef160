/** `npm run bench:scale -- --source <folder>`: PostgreSQL's cost of each kind of search on stores of 100,000 and 1,000,000 Observations, `--patients 200000` among so many patients more. `--keep <folder>` leaves the store there and goes on from it. See docs/performance.md. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import pg from 'pg';
import { loadDefinitions } from '../../../src/definitions/load-definitions.ts';
import type { ResourceDocument } from '../../../src/json/document.ts';
import { readDocument } from '../../../src/json/read-document.ts';
import type { Change } from '../../../src/ports.ts';
import { startEmbeddedPostgres } from '../../../src/runtime/embedded-postgres.ts';
import { createCanonicalUnits } from '../../../src/search/canonical-quantity.ts';
import { createPatientsOf } from '../../../src/search/compartments.ts';
import { compileRevincludes } from '../../../src/search/compile-includes.ts';
import { createHash } from '../../../src/search/hash.ts';
import { createIndexer } from '../../../src/search/index-resource.ts';
import { createSearchParameters } from '../../../src/search/parameters.ts';
import { parseSearch } from '../../../src/search/parse-search.ts';
import { createValueShapes, type SearchScope } from '../../../src/search/search-scope.ts';
import { compileSearch } from '../../../src/search/sql/compile-search.ts';
import { searchTypes } from '../../../src/search/types/index.ts';
import { migrate } from '../../../src/store/migrate.ts';
import { openResourceStore, type OpenStore } from '../../../src/store/resource-store.ts';
import { cpuTimeOf } from '../processes.ts';
import { cloneRecord, readRecords, type Record, type StoredResource } from './clone-records.ts';
import { type ScaleSearch, searchesAmongMany, searchesOf } from './searches.ts';

const { values: options } = parseArgs({
  options: {
    source: { type: 'string' },
    sizes: { type: 'string', default: '100000,1000000' },
    keep: { type: 'string' },
    only: { type: 'string', default: '' },
    patients: { type: 'string', default: '0' },
  },
});
if (options.source === undefined)
  throw new Error('--source names a folder of transaction Bundles, one patient in each');

const definitions = loadDefinitions(fileURLToPath(new URL('../../../schemas/r4', import.meta.url)));
const registry = createSearchParameters(definitions);
const canonicalUnit = createCanonicalUnits();
const hash = createHash('secret');
const patientsOf = createPatientsOf(definitions, { parameters: registry });
const index = createIndexer({ definitions, parameters: registry, types: searchTypes, hash, patientsOf, canonicalUnit });
const scope: SearchScope = {
  registry,
  elements: definitions.elements,
  shapes: createValueShapes(definitions.elements, registry),
  codes: { membersOf: () => undefined, relatives: () => undefined },
  canonicalUnit,
  fullText: 'text',
  now: new Date(),
};
const context = { hash, resourceTypes: definitions.resourceTypes, parameters: registry, cursorSecret: 'secret' };
const tell = (text: string): void => console.error(`scale: ${text}`);

function toChange(resource: StoredResource): Change {
  const document = readDocument(JSON.stringify(resource)) as ResourceDocument;
  const { resourceType: type, id } = resource;
  return { type, id, method: 'PUT', kind: 'create', document, indexed: index(resource) };
}

const typeOf = (type: string) => (one: StoredResource) => one.resourceType === type;

/** Stores clones until there are as many Observations. */
async function fill(
  store: OpenStore,
  records: readonly Record[],
  from: { count: number; clone: number },
  size: number,
) {
  let { count, clone } = from;
  while (count < size) {
    for (const record of records) {
      const resources = cloneRecord(record, clone);
      await store.write({ changes: resources.map(toChange), audit: () => [] });
      count += resources.filter(({ resourceType }) => resourceType === 'Observation').length;
    }
    clone += 1;
    if (clone % 20 === 0) tell(`${count} Observations`);
  }
  return { count, clone };
}

async function countOf(admin: pg.Client, type: string): Promise<number> {
  const text = 'SELECT count(*)::integer AS count FROM resource WHERE resource_type = $1 AND NOT deleted';
  const { rows } = await admin.query<{ count: number }>(text, [definitions.resourceTypes.get(type)]);
  return rows[0]?.count ?? 0;
}

/** Stores patients without a record, from clone to clone, until there are so many beside those of the clones. */
async function crowd(
  store: OpenStore,
  records: readonly Record[],
  from: { patients: number; clone: number },
  size: number,
) {
  const people = records.map(({ resources, names }) => ({ names, resources: resources.filter(typeOf('Patient')) }));
  const wanted = from.clone * people.length + size;
  let { patients } = from;
  for (let clone = patients / people.length; patients < wanted; clone += 1) {
    const clones = people.flatMap((record) => cloneRecord(record, clone));
    await store.write({ changes: clones.map(toChange), audit: () => [] });
    patients += clones.length;
  }
  tell(`${patients} patients`);
}

/** What a folder that was kept holds already. */
async function stateOf(admin: pg.Client, records: readonly Record[]) {
  const count = await countOf(admin, 'Observation');
  const ofEach = records.flatMap(({ resources }) => resources.filter(typeOf('Observation'))).length;
  return { count, clone: count / ofEach };
}

async function runOnce(store: OpenStore, { type, query, revinclude }: ScaleSearch) {
  const parsed = parseSearch({ types: [type], parameters: [...new URLSearchParams(query)], scope });
  const page = await store.search(compileSearch(parsed, context));
  if (revinclude)
    await store.search(compileRevincludes({ parameters: [revinclude], matches: page.rows, limit: 1_001 }, context));
  return page;
}

const warmUp = 20;
const leastMs = 1_500;

/** PostgreSQL's CPU µs for one run, and what was found. */
async function measure(store: OpenStore, search: ScaleSearch) {
  for (let run = 0; run < warmUp; run += 1) await runOnce(store, search);
  const before = cpuTimeOf(process.pid);
  const started = performance.now();
  let runs = 0;
  let found = { rows: 0, total: undefined as number | undefined };
  while (performance.now() - started < leastMs) {
    const { rows, total } = await runOnce(store, search);
    found = { rows: rows.length, total };
    runs += 1;
  }
  const { postgres } = cpuTimeOf(process.pid);
  return { cpu: (postgres - before.postgres) / runs, milliseconds: (performance.now() - started) / runs, ...found };
}

async function measureAll(searches: readonly ScaleSearch[], results: Map<string, string[]>): Promise<void> {
  await admin.query('VACUUM ANALYZE');
  for (const search of searches.filter(({ name }) => name.includes(options.only))) {
    const { cpu, milliseconds, rows, total } = await measure(store, search);
    const cells = results.get(search.name) ?? [];
    cells.push(`${Math.round(cpu)} µs (${milliseconds.toFixed(1)} ms, ${total ?? rows})`);
    results.set(search.name, cells);
    tell(`${search.name}: ${cells.at(-1)}`);
  }
}

const folder = options.keep ?? mkdtempSync(path.join(tmpdir(), 'vesta-scale-'));
const postgres = await startEmbeddedPostgres({ dataDirectory: folder, tell: () => undefined });
const owner = { ...postgres.connection, user: 'postgres', database: 'postgres' };
await migrate(owner);
const store = openResourceStore({
  database: owner,
  resourceTypes: definitions.resourceTypes,
  poolSize: 1,
  searchTimeoutMs: 60_000,
  now: Date.now,
});
const admin = new pg.Client(owner);
await admin.connect();
try {
  const records = readRecords(options.source);
  const results = new Map<string, string[]>();
  let state = await stateOf(admin, records);
  for (const size of options.sizes.split(',').map(Number)) {
    const started = performance.now();
    const before = state.count;
    state = await fill(store, records, state, size);
    const seconds = (performance.now() - started) / 1_000;
    tell(
      `${state.count} Observations after ${seconds.toFixed(0)} s (${Math.round((state.count - before) / seconds)}/s)`,
    );
    await measureAll(searchesOf(state.clone), results);
  }
  const crowded = Number(options.patients);
  if (crowded > 0) {
    await crowd(store, records, { patients: await countOf(admin, 'Patient'), clone: state.clone }, crowded);
    await measureAll(searchesAmongMany(), results);
  }
  console.log(
    `| search | ${options.sizes.split(',').join(' | ')} |\n|---|${options.sizes
      .split(',')
      .map(() => '--:')
      .join('|')}|`,
  );
  for (const [name, cells] of results) console.log(`| ${name} | ${cells.join(' | ')} |`);
} finally {
  await admin.end();
  await store.close();
  await postgres.stop();
  if (options.keep === undefined) rmSync(folder, { recursive: true, force: true });
}
