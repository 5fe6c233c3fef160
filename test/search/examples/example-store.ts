/** Official examples in a database, indexed as the server would, for searches over all of them. https://hl7.org/fhir/R4/examples.html */
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import type { Resource } from '../../../src/fhir/resource.ts';
import type { ResourceDocument } from '../../../src/json/document.ts';
import { readDocument } from '../../../src/json/read-document.ts';
import type { Change } from '../../../src/ports.ts';
import type { SearchPlan, SearchRow } from '../../../src/search-ports.ts';
import { createPatientsOf } from '../../../src/search/compartments.ts';
import { pageOf } from '../../../src/search/cursor.ts';
import { createHash } from '../../../src/search/hash.ts';
import { createIndexer } from '../../../src/search/index-resource.ts';
import { parseSearch } from '../../../src/search/parse-search.ts';
import type { SearchQuery } from '../../../src/search/search-query.ts';
import type { SearchScope } from '../../../src/search/search-scope.ts';
import { compileSearch } from '../../../src/search/sql/compile-search.ts';
import { searchTypes } from '../../../src/search/types/index.ts';
import { openResourceStore } from '../../../src/store/resource-store.ts';
import { freshDatabase, type TestDatabase } from '../../support/database.ts';
import { definitions, registry } from '../registry.ts';
import { canonicalUnit, scope } from '../scope.ts';

const folder = path.dirname(new URL(import.meta.resolve('hl7.fhir.r4.examples/package.json')).pathname);

/** Every example that can be stored: AuditEvents are the server's own, and some Bundles hold thousands of others. */
export function readExamples(wanted: (type: string) => boolean = () => true): readonly (Resource & { id: string })[] {
  const seen = new Set<string>();
  return readdirSync(folder)
    .filter((name) => /^[A-Z].*\.json$/.test(name))
    .filter((name) => wanted(name.split('-')[0] ?? '') && !name.startsWith('AuditEvent-'))
    .flatMap((name) => {
      const resource = JSON.parse(readFileSync(path.join(folder, name), 'utf8')) as Resource & { id?: string };
      const key = `${resource.resourceType}/${resource.id}`;
      if (resource.id === undefined || seen.has(key) || !definitions.resourceTypes.has(resource.resourceType))
        return [];
      seen.add(key);
      return [{ ...resource, id: resource.id }];
    });
}

export interface Pages {
  readonly forward: readonly string[];
  /** From the last page to the first, put in the order of the search. */
  readonly backward: readonly string[];
  readonly total: number;
}

/** More than any search looks up and sorts. */
const many = 1_000_000;

function asIfBroad(plan: SearchPlan): SearchPlan {
  const { page, total } = plan;
  const inflated = (counts: readonly number[]) => counts.map(() => many);
  return {
    ...plan,
    ...(page && { page: (counts) => page(inflated(counts)) }),
    ...(total && { total: (counts) => total(inflated(counts)) }),
  };
}

export interface ExampleStore {
  /** Ids on all pages, in their order; the page size is that of the query. Throws what the parser refuses. */
  search(type: string, query: string): Promise<readonly string[]>;
  /** The rows of all pages. */
  rows(type: string, query: string): Promise<readonly SearchRow[]>;
  /** `Type/id` on all pages and back again, and how many the server counts. With `asBroad` every criterion is taken for one that finds much, as it would be among millions. */
  pages(types: readonly string[], query: string, asBroad: boolean): Promise<Pages>;
  /** What the search is made of; `cursor` says where its page begins. */
  compile(type: string, query: string, cursor?: string): { readonly query: SearchQuery; readonly plan: SearchPlan };
  readonly database: TestDatabase;
  close(): Promise<void>;
}

const batchSize = 200;

/** Stores the resources; `changes` to the scope make other searches possible. */
export async function createExampleStore(
  resources: readonly (Resource & { id: string })[],
  changes: Partial<SearchScope> = {},
): Promise<ExampleStore> {
  const database = await freshDatabase();
  const hash = createHash('secret');
  const own = { ...scope, ...changes };
  const { baseUrl = '' } = own;
  const patientsOf = createPatientsOf(definitions, { baseUrl, parameters: registry });
  const index = createIndexer({
    definitions,
    parameters: registry,
    types: searchTypes,
    hash,
    patientsOf,
    canonicalUnit,
    baseUrl,
  });
  const store = openResourceStore({
    database: database.config,
    resourceTypes: definitions.resourceTypes,
    poolSize: 2,
    searchTimeoutMs: 60_000,
    now: Date.now,
  });
  for (let start = 0; start < resources.length; start += batchSize) {
    const batch = resources.slice(start, start + batchSize).map((resource): Change => {
      const document = readDocument(JSON.stringify(resource)) as ResourceDocument;
      const { resourceType: type, id } = resource;
      return { type, id, method: 'PUT', kind: 'update', document, indexed: index(resource) };
    });
    await store.write({ changes: batch, audit: () => [] });
  }
  await database.pool.query('ANALYZE');
  const context = { hash, resourceTypes: definitions.resourceTypes, parameters: registry, cursorSecret: 'secret' };

  const parse = (type: string, text: string) =>
    parseSearch({ types: [type], parameters: [...new URLSearchParams(text)], scope: own });
  async function readAll(type: string, text: string): Promise<readonly SearchRow[]> {
    const query = parse(type, text);
    const found: SearchRow[] = [];
    let page = await pageAt(query, undefined, false);
    found.push(...page.matches);
    while (page.next !== undefined) {
      page = await pageAt(query, page.next, false);
      found.push(...page.matches);
    }
    return found;
  }

  async function pageAt(query: SearchQuery, cursor: string | undefined, asBroad: boolean) {
    const page = cursor === undefined ? query : { ...query, cursor };
    const plan = compileSearch(page, context);
    const { rows } = await store.search(asBroad ? asIfBroad(plan) : plan);
    return pageOf(page, rows, 'secret');
  }

  async function pages(types: readonly string[], text: string, asBroad: boolean): Promise<Pages> {
    const query = parseSearch({ types, parameters: [...new URLSearchParams(text)], scope: own });
    const forward: SearchRow[][] = [];
    let page = await pageAt(query, undefined, asBroad);
    forward.push([...page.matches]);
    while (page.next !== undefined) {
      page = await pageAt(query, page.next, asBroad);
      forward.push([...page.matches]);
    }
    const backward = [[...page.matches]];
    while (page.previous !== undefined) {
      page = await pageAt(query, page.previous, asBroad);
      backward.unshift([...page.matches]);
    }
    const counting = compileSearch({ ...query, count: 0 }, context);
    const { total = 0 } = await store.search(asBroad ? asIfBroad(counting) : counting);
    const keysOf = (found: SearchRow[][]) => found.flat().map(({ type, id }) => `${type}/${id}`);
    return { forward: keysOf(forward), backward: keysOf(backward), total };
  }

  return {
    pages,
    database,
    compile(type, text, cursor) {
      const parsed = parse(type, text);
      const query = cursor === undefined ? parsed : { ...parsed, cursor };
      return { query, plan: compileSearch(query, context) };
    },
    rows: readAll,
    search: async (type, text) => (await readAll(type, text)).map(({ id }) => id),
    async close() {
      await store.close();
      await database.drop();
    },
  };
}
