import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { createConformanceLibrary } from '../../src/conformance/library.ts';
import { loadDefinitions } from '../../src/definitions/load-definitions.ts';
import type { ConformanceType } from '../../src/fhir/conformance.ts';
import type { ResourceDocument } from '../../src/json/document.ts';
import { readDocument } from '../../src/json/read-document.ts';
import type { Change, ChangeMethod, CanonicalIdentity, GuideResource } from '../../src/ports.ts';
import { createHash } from '../../src/search/hash.ts';
import { parameterKey } from '../../src/search/keys.ts';
import { openConformanceStore, type OpenConformanceStore } from '../../src/store/conformance.ts';
import { addGuide, findDefined, listGuides, removeGuide } from '../../src/store/guides.ts';
import { openResourceStore, type OpenStore } from '../../src/store/resource-store.ts';
import { freshDatabase, type TestDatabase } from '../support/database.ts';

let database: TestDatabase;
let session: pg.Client;
let resources: OpenStore;
let stores: OpenConformanceStore[];
const hash = createHash('secret');
const urlKeyOf = (type: ConformanceType) => parameterKey(hash, type, 'url');
const url = 'http://example.org/a';

/** A store of its own connections, as another process would have it. */
function openStore(): OpenConformanceStore {
  const store = openConformanceStore({
    database: database.config,
    urlKeyOf,
    searchParameterType: 123,
    observe: () => undefined,
  });
  stores.push(store);
  return store;
}

/** Counts calls; `next` resolves at the next one. */
function bell() {
  let ring: () => void = () => undefined;
  const rung = { count: 0 };
  return {
    rung,
    next: () => new Promise<void>((resolve) => void (ring = resolve)),
    ring() {
      rung.count += 1;
      ring();
    },
  };
}

beforeAll(async () => {
  stores = [];
  database = await freshDatabase();
  session = new pg.Client(database.adminConfig);
  await session.connect();
  resources = openResourceStore({
    database: database.config,
    resourceTypes: loadDefinitions('schemas/r4').resourceTypes,
    poolSize: 2,
    searchTimeoutMs: 5_000,
    now: Date.now,
  });
});

afterAll(async () => {
  await Promise.all([...stores.map((store) => store.close()), resources.close()]);
  await session.end();
  await database.drop();
});

interface Content {
  readonly resourceType: string;
  readonly id: string;
  readonly url?: string;
  readonly version?: string;
}

function change(content: Content, method: ChangeMethod = 'PUT'): Change {
  const { resourceType: type, id } = content;
  if (method === 'DELETE') return { type, id, method, kind: 'delete' };
  const document = readDocument(JSON.stringify(content)) as ResourceDocument;
  const uris = content.url === undefined ? [] : [[urlKeyOf(type as ConformanceType), content.url] as const];
  const rows = { tokens: [], references: [], dates: [], numbers: [], strings: [], uris, words: [] };
  return { type, id, method, kind: 'update', document, indexed: { rows, patients: [], selfKey: '1', generation: 2 } };
}

const write = (...changes: readonly Change[]) => resources.write({ changes, audit: () => [] });

async function* given(...all: readonly object[]): AsyncGenerator<GuideResource> {
  for (const one of all as readonly Content[]) {
    const { resourceType: type, url, version } = one;
    yield { type, text: JSON.stringify(one), ...(url && { url }), ...(version && { version }) };
  }
}

const valueSet = (version: string, id = 'a') => ({ resourceType: 'ValueSet', id, url, version });
const wanted: readonly CanonicalIdentity[] = [{ type: 'ValueSet', url }];
const guide = { name: 'example.guide', version: '1.0.0', title: 'Example', canonical: 'http://example.org' };
const versions = async (store: OpenConformanceStore) =>
  (await store.load(wanted)).map(({ resource }) => (resource as Content).version);

describe('guides', () => {
  it('are added whole, listed with what they hold, and removed with it', async () => {
    const naming = { resourceType: 'NamingSystem' };
    await addGuide(session, guide, given(valueSet('1'), { ...valueSet('1'), url: 'http://example.org/b' }, naming));
    await addGuide(session, { name: 'example.guide', version: '2.0.0' }, given());
    expect(await openStore().guides()).toEqual([
      { ...guide, added: expect.stringMatching(/Z$/), counts: { NamingSystem: 1, ValueSet: 2 } },
      { name: 'example.guide', version: '2.0.0', added: expect.stringMatching(/Z$/), counts: {} },
    ]);
    expect(await removeGuide(session, 'example.guide', '1.0.0')).toBe(true);
    expect(await removeGuide(session, 'example.guide', '1.0.0')).toBe(false);
    expect((await listGuides(session)).map(({ version }) => version)).toEqual(['2.0.0']);
    expect((await session.query('SELECT FROM canonical_resource')).rowCount).toBe(0);
    await removeGuide(session, 'example.guide', '2.0.0');
  });

  it('take the place of themselves', async () => {
    await addGuide(session, guide, given(valueSet('1'), valueSet('2')));
    await addGuide(session, guide, given(valueSet('3')));
    expect(await versions(openStore())).toEqual(['3']);
  });

  it('stay as they were when adding fails half-way', async () => {
    async function* broken() {
      for (let index = 0; index < 700; index += 1) yield* given(valueSet(`${index}`));
      throw new Error('truncated');
    }
    await expect(addGuide(session, guide, broken())).rejects.toThrow('truncated');
    expect(await versions(openStore())).toEqual(['3']);
    expect(await listGuides(session)).toHaveLength(1);
  });

  it('may be added by several at once', async () => {
    const other = new pg.Client(database.adminConfig);
    await other.connect();
    await Promise.all([
      addGuide(session, guide, given(valueSet('3'), valueSet('4'))),
      addGuide(other, guide, given(valueSet('3'), valueSet('4'))),
    ]);
    await other.end();
    expect(await versions(openStore())).toEqual(['3', '4']);
    await removeGuide(session, guide.name, guide.version);
  });

  it('are not for the role of the API to change', async () => {
    const api = new pg.Client(database.config);
    await api.connect();
    await expect(addGuide(api, guide, given())).rejects.toMatchObject({ code: '42501' });
    await expect(removeGuide(api, 'a', '1')).rejects.toMatchObject({ code: '42501' });
    await api.end();
  });

  it('tell which profiles they define', async () => {
    const definition = { resourceType: 'StructureDefinition', url };
    await addGuide(session, guide, given(definition, { resourceType: 'ValueSet', url: 'http://example.org/v' }));
    expect(await findDefined(session, [url, 'http://example.org/v', 'http://example.org/x'])).toEqual(new Set([url]));
    await removeGuide(session, guide.name, guide.version);
  });
});

describe('load', () => {
  it('finds what guides and clients have of a canonical, the latest written last', async () => {
    const store = openStore();
    await write(change(valueSet('client-1', 'one')), change(valueSet('client-2', 'two')));
    await addGuide(session, guide, given(valueSet('guide-1'), valueSet('guide-2')));
    expect(await versions(store)).toEqual(['guide-1', 'guide-2', 'client-1', 'client-2']);
    const [first] = await store.load(wanted);
    expect(first).toMatchObject({ type: 'ValueSet', url, size: JSON.stringify(valueSet('guide-1')).length });
    await removeGuide(session, guide.name, guide.version);
  });

  it('finds the current version only, and nothing deleted', async () => {
    const store = openStore();
    await write(change(valueSet('client-3', 'one')));
    expect(await versions(store)).toEqual(['client-3', 'client-2']);
    await write(change({ ...valueSet('client-4', 'one'), url: 'http://example.org/moved' }));
    expect(await versions(store)).toEqual(['client-2']);
    await write(change(valueSet('', 'two'), 'DELETE'));
    expect(await versions(store)).toEqual([]);
  });

  it('keeps types apart and does not mistake one URL for another', async () => {
    const store = openStore();
    const codeSystem = { ...valueSet('1', 'three'), resourceType: 'CodeSystem' };
    await write(change(codeSystem));
    expect(await store.load(wanted)).toEqual([]);
    expect(await store.load([{ type: 'CodeSystem', url: `${url}/` }])).toEqual([]);
    expect(await store.load([{ type: 'CodeSystem', url }, ...wanted])).toEqual([
      expect.objectContaining({ type: 'CodeSystem', url }),
    ]);
  });

  it('looks at a bounded number of what clients stored under one URL: the latest', async () => {
    const store = openStore();
    const many = Array.from({ length: 13 }, (_, index) => change(valueSet(`${index}`, `many-${index}`)));
    await write(...many);
    expect(await versions(store)).toEqual(['3', '4', '5', '6', '7', '8', '9', '10', '11', '12']);
    await write(...many.map(({ type, id }) => ({ type, id, method: 'DELETE', kind: 'delete' }) as const));
  });
});

describe('searchParameters', () => {
  const parameter = {
    resourceType: 'SearchParameter',
    url: 'http://example.org/race',
    status: 'active',
    code: 'race',
    type: 'token',
    base: ['Patient'],
    expression: "Patient.extension.where(url = 'race').value",
  };

  it('lists those of guides that can be used, of each the latest added', async () => {
    const store = openStore();
    const retired = { ...parameter, url: 'http://example.org/old', status: 'retired' };
    const odd = { ...parameter, url: 'http://example.org/odd', type: 'colour' };
    await addGuide(session, { name: 'a', version: '2' }, given({ ...parameter, code: 'former' }));
    await addGuide(session, { name: 'a', version: '1' }, given(parameter, retired, odd));
    const { url, code, type, base, expression } = parameter;
    expect(await store.searchParameters()).toEqual([{ url, code, type, base, expression }]);
    await removeGuide(session, 'a', '1');
    await removeGuide(session, 'a', '2');
  });
});

describe('changed', () => {
  it('tells of every change of a conformance resource in another process, and of no other', async () => {
    const store = openStore();
    const { rung, next, ring } = bell();
    const listening = next();
    const stop = store.changed(ring);
    await listening;

    const happen = async (work: () => Promise<unknown>) => {
      const before = rung.count;
      const heard = next();
      await work();
      await heard;
      return rung.count - before;
    };
    expect(await happen(() => write(change(valueSet('1', 'new')), change(valueSet('1', 'newer'))))).toBe(1);
    expect(await happen(() => write(change(valueSet('2', 'new'))))).toBe(1);
    expect(await happen(() => write(change(valueSet('2', 'new'), 'DELETE')))).toBe(1);
    expect(await happen(() => addGuide(session, guide, given(valueSet('1'))))).toBe(1);
    expect(await happen(() => removeGuide(session, guide.name, guide.version))).toBe(1);
    for (const resourceType of ['StructureDefinition', 'CodeSystem', 'ConceptMap', 'SearchParameter']) {
      expect(await happen(() => write(change({ resourceType, id: 'a' })))).toBe(1);
    }

    const count = rung.count;
    await write(change({ resourceType: 'Patient', id: 'a' }), change({ resourceType: 'Basic', id: 'a' }));
    await resources.rehearse({ changes: [change(valueSet('9', 'rehearsed'))], audit: () => [] }, async () => undefined);
    // notifications come in order: had one been sent, it would have been heard before this one
    await happen(() => write(change(valueSet('1', 'new'))));
    expect(rung.count - count).toBe(1);

    stop();
    const other = openStore();
    const end = bell();
    const began = end.next();
    other.changed(end.ring);
    await began;
    const heard = end.next();
    await write(change(valueSet('3', 'new')));
    await heard;
    expect(rung.count - count).toBe(1);
  });

  it('tells also when the connection was lost and is back', async () => {
    const store = openStore();
    const { next, ring } = bell();
    const listening = next();
    store.changed(ring);
    await listening;
    const back = next();
    await session.query(
      "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND query LIKE 'LISTEN%'",
    );
    await back;
    const heard = next();
    await write(change(valueSet('4', 'new')));
    await heard;
  });

  it('shows one process what another has written, without anything being asked twice in between', async () => {
    await write(change(valueSet('1', 'shared')), change(valueSet('', 'new'), 'DELETE'));
    await write(change(valueSet('', 'newer'), 'DELETE'));
    const bundled = { find: () => undefined };
    const open = async () => {
      const store = openStore();
      const { next, ring } = bell();
      const listening = next();
      const library = createConformanceLibrary({ bundled, store });
      store.changed(ring);
      await listening;
      const settled = async () => {
        library.conformance.find('ValueSet', url);
        await library.settle();
        return library.conformance.find('ValueSet', url);
      };
      return { library, next, settled };
    };
    const [one, two] = [await open(), await open()];
    const before = await two.settled();
    expect((await one.settled())?.version).toBe('1');
    expect(before?.version).toBe('1');
    expect(await two.settled()).toBe(before);

    const heard = Promise.all([one.next(), two.next()]);
    await write(change(valueSet('2', 'shared')));
    await heard;
    expect((await two.settled())?.version).toBe('2');
    expect((await one.settled())?.version).toBe('2');

    const heardAgain = two.next();
    await write(change(valueSet('', 'shared'), 'DELETE'));
    await heardAgain;
    expect(await two.settled()).toBeUndefined();
  });
});
