import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { findFiles } from '../../../src/cli/load/find-files.ts';
import { loadFiles, type LoadResult } from '../../../src/cli/load/load-files.ts';
import { openLoadState } from '../../../src/cli/load/load-state.ts';
import type { LoadFailure, Parcel } from '../../../src/cli/load/parcel.ts';
import { type Answer, LoadStopped, type Send } from '../../../src/cli/load/send.ts';

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'vesta-load-'));
});

afterEach(() => rmSync(folder, { recursive: true, force: true }));

function write(name: string, content: unknown): void {
  const file = path.join(folder, 'in', name);
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(file, typeof content === 'string' ? content : JSON.stringify(content));
}

const bundle = (type: string, entries: number) => ({
  resourceType: 'Bundle',
  type,
  entry: Array.from({ length: entries }, () => ({ resource: { resourceType: 'Patient' } })),
});

const outcome = (diagnostics: string, expression?: string) => ({
  resourceType: 'OperationOutcome',
  issue: [{ severity: 'error', code: 'invalid', diagnostics, ...(expression && { expression: [expression] }) }],
});

/** The answer of a server that stores everything but what holds the word `bad`. */
function storing({ kind, body }: Parcel): Answer {
  if (kind !== 'batch') {
    return body.includes('bad')
      ? { status: 422, body: JSON.stringify(outcome('is not a date', 'Patient.birthDate')) }
      : { status: 200, body: '' };
  }
  const { entry } = JSON.parse(body) as { entry: readonly object[] };
  const entries = entry.map((one) =>
    JSON.stringify(one).includes('bad')
      ? { response: { status: '422', outcome: outcome('is not a date') } }
      : { response: { status: '201 Created' } },
  );
  return { status: 200, body: JSON.stringify({ resourceType: 'Bundle', entry: entries }) };
}

interface Run {
  readonly result: LoadResult;
  readonly sent: readonly Parcel[];
  readonly failures: readonly LoadFailure[];
  readonly ended: readonly string[];
}

interface Running {
  readonly send?: Send;
  readonly resume?: boolean;
  readonly concurrency?: number;
}

async function load({ send = (parcel) => Promise.resolve(storing(parcel)), resume, concurrency = 2 }: Running = {}) {
  const sent: Parcel[] = [];
  const failures: LoadFailure[] = [];
  const ended: string[] = [];
  const state = openLoadState(path.join(folder, 'state.ndjson'), { url: 'http://a/fhir', resume: resume === true });
  const result = await loadFiles(findFiles([path.join(folder, 'in')]), {
    send: (parcel) => {
      sent.push(parcel);
      return send(parcel);
    },
    state,
    concurrency,
    listener: {
      progress: () => undefined,
      failed: (failure) => failures.push(failure),
      fileEnded: (file) => ended.push(path.basename(file)),
    },
  });
  const run: Run = { result, sent, failures, ended };
  return run;
}

const lines = (...resources: readonly unknown[]) =>
  resources.map((one) => (typeof one === 'string' ? one : JSON.stringify(one))).join('\n');

describe('files', () => {
  it('are sent in the order of their names, numbers as numbers, folders within', async () => {
    for (const name of ['10.json', '9.json', 'b/2.json', 'b/1.json', '.hidden.json', 'readme.md']) {
      write(name, bundle('transaction', 1));
    }
    const { ended } = await load();
    expect(ended).toEqual(['9.json', '10.json', '1.json', '2.json']);
  });

  it('are sent as the text they are: decimals and key order stay', async () => {
    const text = '{ "resourceType":"Observation","valueQuantity":{"value":1.00} , "id":"o 1"}';
    write('one.json', text);
    write('two.ndjson', text);
    const { sent } = await load();
    expect(sent[0]).toMatchObject({ method: 'PUT', path: 'Observation/o%201', body: text });
    expect(sent[1]?.body).toContain(`{"resource":${text},"request":{"method":"PUT","url":"Observation/o%201"}}`);
  });

  it('of one resource are put where their id says, or posted', async () => {
    write('1.json', { resourceType: 'Patient', id: 'p' });
    write('2.json', { resourceType: 'Patient' });
    const { sent } = await load();
    expect(sent.map(({ method, path: target }) => `${method} ${target}`)).toEqual(['PUT Patient/p', 'POST Patient']);
  });

  it.each([
    ['not JSON', '{', 'not a FHIR resource'],
    ['no resource', [], 'not a FHIR resource'],
    ['a Bundle of search results', bundle('searchset', 1), 'transaction or batch'],
  ])('with %s are told and the next goes on', async (_what, content, reason) => {
    write('1.json', content);
    write('2.json', bundle('transaction', 3));
    const { result, failures, ended } = await load();
    expect(result).toEqual({ stored: 3, failed: 1, skipped: 0 });
    expect(failures[0]?.reason).toContain(reason);
    expect(ended).toEqual(['1.json', '2.json']);
  });
});

describe('failures', () => {
  it('of a transaction concern the whole file', async () => {
    write('1.json', { ...bundle('transaction', 5), id: 'bad' });
    const { result, failures } = await load();
    expect(result).toEqual({ stored: 0, failed: 1, skipped: 0 });
    expect(failures).toEqual([
      { file: path.join(folder, 'in/1.json'), place: '', reason: '422: Patient.birthDate: is not a date' },
    ]);
  });

  it('of a batch are told by entry, of NDJSON by line', async () => {
    const good = { resourceType: 'Patient', id: 'good' };
    const bad = { resourceType: 'Patient', id: 'bad' };
    write('1.json', { resourceType: 'Bundle', type: 'batch', entry: [{ resource: good }, { resource: bad }] });
    write('2.ndjson', lines(good, '', 'no json', bad, good));
    const { result, failures } = await load();
    expect(result).toEqual({ stored: 3, failed: 3, skipped: 0 });
    expect(failures.map(({ place }) => place)).toEqual(['entry 1', 'line 3', 'line 4']);
  });

  it('of a connection leave it open whether something was stored', async () => {
    write('1.json', bundle('transaction', 1));
    write('2.json', bundle('transaction', 1));
    let count = 0;
    const { result, failures } = await load({
      send: (parcel) => {
        count += 1;
        return count === 1 ? Promise.reject(new Error('ECONNRESET')) : Promise.resolve(storing(parcel));
      },
    });
    expect(result).toMatchObject({ stored: 1, failed: 1 });
    expect(failures[0]?.reason).toContain('not known whether');
  });

  it('that no other file could escape end the run', async () => {
    write('1.json', bundle('transaction', 1));
    write('2.json', bundle('transaction', 1));
    const stopped = load({ send: () => Promise.reject(new LoadStopped('no server')) });
    await expect(stopped).rejects.toThrow('no server');
  });

  it('are seen when a batch is answered with fewer entries than it had', async () => {
    write('1.json', bundle('batch', 2));
    const { result } = await load({ send: () => Promise.resolve({ status: 200, body: '{"entry":[]}' }) });
    expect(result).toMatchObject({ stored: 0, failed: 2 });
  });
});

describe('NDJSON', () => {
  it('is sent in batches that do not grow with the file', async () => {
    write(
      '1.ndjson',
      lines(...Array.from({ length: 250 }, (_, index) => ({ resourceType: 'Patient', id: `p${index}` }))),
    );
    const { sent, result } = await load();
    expect(sent.map(({ resources }) => resources)).toEqual([100, 100, 50]);
    expect(result.stored).toBe(250);
  });

  it('closes a batch of long lines early', async () => {
    const long = { resourceType: 'Binary', data: 'A'.repeat(600_000) };
    write('1.ndjson', lines(long, long, long));
    const { sent } = await load();
    expect(sent.map(({ resources }) => resources)).toEqual([2, 1]);
  });
});

describe('concurrency', () => {
  /** Answers once so many are under way, and counts how many that are at most. */
  function observed(wanted: number) {
    let running = 0;
    let release!: () => void;
    const enough = new Promise<void>((resolve) => {
      release = resolve;
    });
    const seen: number[] = [];
    const send: Send = async (parcel) => {
      running += 1;
      seen.push(running);
      if (running >= wanted) release();
      await enough;
      running -= 1;
      return storing(parcel);
    };
    return { send, seen };
  }

  it('is used for single resources, within its limit', async () => {
    for (let index = 0; index < 10; index += 1) write(`${index}.json`, { resourceType: 'Patient', id: `p${index}` });
    const { send, seen } = observed(3);
    const { result } = await load({ send, concurrency: 3 });
    expect(Math.max(...seen)).toBe(3);
    expect(result.stored).toBe(10);
  });

  it('is not used for Bundles: nothing runs beside one', async () => {
    write('1.json', { resourceType: 'Patient', id: 'p' });
    write('2.json', bundle('transaction', 1));
    write('3.json', bundle('batch', 1));
    const { send, seen } = observed(1);
    await load({ send, concurrency: 3 });
    expect(seen).toEqual([1, 1, 1]);
  });
});

describe('--resume', () => {
  it('sends what failed and what changed, and nothing that was stored', async () => {
    write('1.json', bundle('transaction', 2));
    write('2.json', { ...bundle('transaction', 2), id: 'bad' });
    write('3.ndjson', lines({ resourceType: 'Patient', id: 'a' }, { resourceType: 'Patient', id: 'bad' }));
    await load();
    write('2.json', bundle('transaction', 3));
    const { result, sent } = await load({ resume: true });
    expect(result).toMatchObject({ stored: 3, failed: 1, skipped: 1 });
    expect(sent.map(({ file }) => path.basename(file))).toEqual(['2.json', '3.ndjson']);
    expect(sent[1]?.lines).toEqual([2]);
  });

  it('is not assumed: a run without it sends everything', async () => {
    write('1.json', bundle('transaction', 2));
    await load();
    expect((await load()).sent).toHaveLength(1);
  });

  it('survives a state that was cut off in the middle of a line', async () => {
    write('1.json', bundle('transaction', 2));
    await load();
    const state = path.join(folder, 'state.ndjson');
    writeFileSync(state, `${readFileSync(state, 'utf8')}{"url":"htt`);
    expect((await load({ resume: true })).result).toMatchObject({ stored: 0, skipped: 1 });
  });

  it('knows one server from another', async () => {
    write('1.json', bundle('transaction', 2));
    await load();
    const other = openLoadState(path.join(folder, 'state.ndjson'), { url: 'http://b/fhir', resume: true });
    const [file] = findFiles([path.join(folder, 'in/1.json')]);
    expect(file && other.hasFile(file)).toBe(false);
  });
});
