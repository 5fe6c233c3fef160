import { describe, expect, it } from '@jest/globals';
import { createConformanceLibrary, type LibraryOptions } from '../../src/conformance/library.ts';
import type { Conformance } from '../../src/fhir/conformance.ts';
import type { CanonicalIdentity, StoredCanonical } from '../../src/ports.ts';

const url = 'http://example.org/a';

function stored(url: string, version?: string, more: Partial<StoredCanonical> = {}): StoredCanonical {
  const resource = { resourceType: 'ValueSet', url, ...(version !== undefined && { version }) };
  return { type: 'ValueSet', url, resource, size: 10, ...more };
}

/** A store whose answers come when the test says so. */
function fakeStore(content: StoredCanonical[] = []) {
  const asked: (readonly CanonicalIdentity[])[] = [];
  const waiting: (() => void)[] = [];
  const listeners = new Set<() => void>();
  let isHeld = false;
  let failure: Error | undefined;
  return {
    content,
    asked,
    listeners,
    hold: () => void (isHeld = true),
    /** Lets the loads that wait go on, with what they found when they were asked. */
    release() {
      isHeld = false;
      for (const go of waiting.splice(0)) go();
    },
    fail: (error: Error | undefined) => void (failure = error),
    async load(wanted: readonly CanonicalIdentity[]) {
      asked.push(wanted);
      const found = content.filter((one) => wanted.some(({ type, url }) => type === one.type && url === one.url));
      if (isHeld) await new Promise<void>((resolve) => void waiting.push(resolve));
      if (failure) throw failure;
      return found;
    },
    changed(listener: () => void) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
  };
}

const nothing: Conformance = { find: () => undefined };

const bundle = (...resources: readonly { readonly url: string; readonly version: string }[]): Conformance => ({
  find(_type, canonical) {
    const [url, version] = canonical.split('|');
    return resources.find((one) => one.url === url && (version === undefined || version === one.version)) as never;
  },
});

function open(content: StoredCanonical[] = [], options: Partial<LibraryOptions> = {}) {
  const store = fakeStore(content);
  const library = createConformanceLibrary({ bundled: nothing, store, ...options });
  const find = (canonical: string) => library.conformance.find('ValueSet', canonical);
  return { store, library, find };
}

describe('what is stored', () => {
  it('is unknown at first, noted, and known once settled', async () => {
    const one = stored(url);
    const { library, find, store } = open([one]);
    expect(library.hasMisses).toBe(false);
    expect(find(url)).toBeUndefined();
    expect(library.hasMisses).toBe(true);
    expect(await library.settle()).toBe(true);
    expect(find(url)).toBe(one.resource);
    expect(find(url)).toBe(one.resource);
    expect(library.hasMisses).toBe(false);
    expect(await library.settle()).toBe(false);
    expect(store.asked).toEqual([[{ type: 'ValueSet', url }]]);
  });

  it('is asked for once when it does not exist, until something changes', async () => {
    const { library, find, store } = open();
    find(url);
    expect(await library.settle()).toBe(false);
    find(url);
    expect(library.hasMisses).toBe(false);
    store.content.push(stored(url));
    for (const listener of store.listeners) listener();
    find(url);
    expect(await library.settle()).toBe(true);
    expect(find(url)).toBeDefined();
  });

  it('is kept apart by type', async () => {
    const { library, find } = open([stored(url)]);
    expect(library.conformance.find('CodeSystem', url)).toBeUndefined();
    expect(await library.settle()).toBe(false);
    expect(find(url)).toBeUndefined();
    expect(await library.settle()).toBe(true);
  });

  it.each([
    ['without a version the newest', '', '10.0.0'],
    ['with a version that one', '|9.0.0', '9.0.0'],
    ['with a fragment what holds it', '#inside', '10.0.0'],
    ['no other version', '|8', undefined],
    ['not a version that begins alike', '|9', undefined],
    ['not the empty version', '|', undefined],
  ])('means %s', async (_what, suffix, version) => {
    const { library, find } = open([stored(url, '9.0.0'), stored(url, '10.0.0'), stored(url), stored(url, '9.5.0')]);
    find(`${url}${suffix}`);
    await library.settle();
    expect(find(`${url}${suffix}`)?.version).toBe(version);
    expect(library.hasMisses).toBe(false);
  });

  it('means the last of those that have the same version', async () => {
    const last = stored(url, '1');
    const { library, find } = open([stored(url, '1'), last]);
    find(url);
    await library.settle();
    expect(find(url)).toBe(last.resource);
    expect(find(`${url}|1`)).toBe(last.resource);
  });

  it.each([
    ['empty', ''],
    ['a fragment alone', '#contained'],
    ['too long for an index', `http://example.org/${'x'.repeat(600)}`],
    ['impossible to store', 'http://example.org/\u0000'],
  ])('is not asked for when the URL is %s', (_what, canonical) => {
    const { library, find } = open();
    expect(find(canonical)).toBeUndefined();
    expect(library.hasMisses).toBe(false);
  });
});

describe('what is bundled', () => {
  const r4Url = 'http://hl7.org/fhir/ValueSet/gender';
  const r4 = { url: r4Url, version: '4.0.1' };
  const other = { url, version: '2.0.0' };
  const bundled = bundle(r4, other);

  it.each([
    ['R4 stays R4 without a look at the store', r4Url, stored(r4Url, '5.0.0'), r4, false],
    ['so does the bundled version', `${r4Url}|4.0.1`, stored(r4Url, '4.0.1'), r4, false],
    ['another version of it may be stored', `${r4Url}|5.0.0`, stored(r4Url, '5.0.0'), undefined, true],
    ['what is newer wins', url, stored(url, '2.1.0'), undefined, true],
    ['what is older does not', url, stored(url, '1.9.0'), other, true],
    ['nor what is as new', url, stored(url, '2.0.0'), other, true],
    ['nor what has no version', url, stored(url), other, true],
  ])('%s', async (_what, canonical, one, expected, isLookedFor) => {
    const { library, find } = open([one], { bundled });
    find(canonical);
    expect(library.hasMisses).toBe(isLookedFor);
    await library.settle();
    expect(find(canonical)).toBe(expected ?? one.resource);
  });

  it('answers until it is known whether there is something newer', () => {
    expect(open([stored(url, '3.0.0')], { bundled }).find(url)).toBe(other);
  });
});

describe('settling together', () => {
  it('shares one load, and everybody hears what came of it', async () => {
    const { library, find, store } = open([stored(url)]);
    find(url);
    expect(await Promise.all([library.settle(), library.settle(), library.settle()])).toEqual([true, true, true]);
    expect(store.asked).toHaveLength(1);
  });

  it('loads in a second round what was noted while the first was under way, for all who wait', async () => {
    const { library, find, store } = open([stored('http://example.org/b')]);
    store.hold();
    find(url);
    const first = library.settle();
    find('http://example.org/b');
    const second = library.settle();
    find('http://example.org/c');
    const third = library.settle();
    store.release();
    expect(await Promise.all([first, second, third])).toEqual([false, true, true]);
    expect(store.asked.map((wanted) => wanted.map((one) => one.url.at(-1)))).toEqual([['a'], ['b', 'c']]);
    expect(library.hasMisses).toBe(false);
  });

  it('tells who missed what is being loaded already', async () => {
    const { library, find, store } = open([stored(url)]);
    store.hold();
    find(url);
    const first = library.settle();
    find(url);
    expect(library.hasMisses).toBe(true);
    const second = library.settle();
    store.release();
    expect(await Promise.all([first, second])).toEqual([true, true]);
    expect(store.asked).toHaveLength(1);
  });
});

describe('a change during a load', () => {
  it('leaves nothing of before: neither what was there nor that it was not', async () => {
    const old = stored(url, '1');
    const { library, find, store } = open([old]);
    store.hold();
    find(url);
    find('http://example.org/b');
    const settling = library.settle();
    const changed = stored(url, '2');
    store.content.splice(0, 1, changed, stored('http://example.org/b'));
    library.invalidate();
    store.release();
    expect(await settling).toBe(true);
    expect(find(url)).toBe(changed.resource);
    expect(find('http://example.org/b')).toBeDefined();
    expect(store.asked).toHaveLength(2);
  });

  it('at every load makes callers compute again rather than believe', async () => {
    const { library, find, store } = open([stored(url)]);
    const load = store.load;
    store.load = async (wanted) => {
      const found = await load(wanted);
      library.invalidate();
      return found;
    };
    find(url);
    expect(await library.settle()).toBe(true);
    expect(store.asked).toHaveLength(5);
    expect(find(url)).toBeUndefined();
    expect(library.hasMisses).toBe(true);
  });

  it('after a load forgets what was loaded', async () => {
    const { library, find, store } = open([stored(url, '1')]);
    find(url);
    await library.settle();
    store.content[0] = stored(url, '2');
    library.invalidate();
    expect(find(url)).toBeUndefined();
    expect(await library.settle()).toBe(true);
    expect(find(url)?.version).toBe('2');
  });
});

describe('a load that fails', () => {
  it('fails all who wait for it and nobody after', async () => {
    const { library, find, store } = open([stored(url)]);
    store.fail(new Error('database lost'));
    find(url);
    const both = await Promise.allSettled([library.settle(), library.settle()]);
    expect(both.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    expect(library.hasMisses).toBe(false);
    store.fail(undefined);
    find(url);
    expect(await library.settle()).toBe(true);
    expect(find(url)).toBeDefined();
  });
});

describe('memory', () => {
  const urls = (count: number) => Array.from({ length: count }, (_, index) => `http://example.org/${index}`);

  it('drops what was not used for longest', async () => {
    const names = urls(3);
    const { library, find } = open(
      names.map((url) => stored(url, '1', { size: 40 })),
      { sizeLimit: 100 },
    );
    const learn = async (name: string | undefined) => {
      find(name ?? '');
      await library.settle();
    };
    await learn(names[0]);
    await learn(names[1]);
    find(names[0] ?? '');
    await learn(names[2]);
    expect(names.map((name) => find(name) !== undefined)).toEqual([true, false, true]);
    expect(await library.settle()).toBe(true);
    expect(find(names[1] ?? '')).toBeDefined();
  });

  it('keeps what one load brought, so that who asked for it can go on', async () => {
    const names = urls(3);
    const { library, find } = open(
      names.map((url) => stored(url, '1', { size: 40 })),
      { sizeLimit: 100 },
    );
    for (const name of names) find(name);
    await library.settle();
    expect(names.every((name) => find(name))).toBe(true);
  });

  it('does not grow with what nobody has', async () => {
    const { library, find, store } = open([], { absentLimit: 10 });
    for (const name of urls(35)) {
      find(name);
      await library.settle();
    }
    store.asked.length = 0;
    for (const name of urls(35)) find(name);
    await library.settle();
    expect(store.asked.flat().length).toBeGreaterThanOrEqual(25);
  });

  it('notes a bounded number at once, and asks for them in batches', async () => {
    const { library, find, store } = open();
    for (const name of urls(12_000)) find(name);
    expect(await library.settle()).toBe(false);
    expect(store.asked.flat()).toHaveLength(10_000);
    expect(Math.max(...store.asked.map((wanted) => wanted.length))).toBe(100);
    expect(library.hasMisses).toBe(false);
  });
});

it('hears of changes until it is closed', () => {
  const { library, store } = open();
  expect(store.listeners.size).toBe(1);
  library.close();
  expect(store.listeners.size).toBe(0);
});
