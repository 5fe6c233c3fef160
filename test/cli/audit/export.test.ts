import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { toAuditEvent } from '../../../src/audit/audit-event.ts';
import { columns } from '../../../src/cli/audit/flatten-event.ts';
import { csvCell } from '../../../src/cli/audit/formats.ts';
import { vesta } from '../../../src/cli/program.ts';
import { run } from '../../../src/cli/run.ts';
import type { StoredAuditRecord } from '../../../src/ports.ts';
import { type FakeAnswer, type FakeApi, fakeApi } from '../fake-api.ts';
import { fakeTerminal } from '../fake-terminal.ts';

const record: StoredAuditRecord = {
  id: '7',
  recorded: '2026-11-23T10:00:00.000Z',
  requestId: 'request-1',
  agent: '=dr,house',
  client: 'ward-app',
  address: '10.0.0.7',
  interaction: 'read',
  action: 'R',
  outcome: '0',
  status: 200,
  resourceType: 'Patient',
  resourceId: 'p1',
  version: 3,
  patient: 'p1',
};
const search: StoredAuditRecord = {
  ...record,
  id: '8',
  agent: 'admin',
  interaction: 'search-type',
  action: 'E',
  outcome: '8',
  status: 504,
  query: 'name=x',
};
delete (search as { resourceId?: string }).resourceId;
delete (search as { version?: number }).version;

const baseUrl = 'http://localhost/fhir';
const page = (records: readonly StoredAuditRecord[], next?: string): FakeAnswer => ({
  status: 200,
  body: {
    resourceType: 'Bundle',
    entry: records.map((one) => ({ resource: toAuditEvent(one, { baseUrl }) })),
    ...(next && { link: [{ relation: 'next', url: next }] }),
  },
});

let folder: string;
let api: FakeApi;
let answers: readonly FakeAnswer[];

beforeEach(async () => {
  folder = mkdtempSync(path.join(tmpdir(), 'vesta-export-'));
  api = await fakeApi((_asked, count) => answers[count - 1] ?? { status: 500 });
});

afterEach(async () => {
  await api.close();
  rmSync(folder, { recursive: true, force: true });
});

async function exported(...words: readonly string[]) {
  const terminal = fakeTerminal();
  const file = path.join(folder, 'audit');
  const options = ['--url', api.url, '--token', 'secret', '--out', file];
  const code = await run(vesta, ['audit', 'export', ...words, ...options], terminal);
  return { code, terminal, file, text: () => readFileSync(file, 'utf8') };
}

describe('vesta audit export', () => {
  it('follows the pages at the server it was given, wherever their links point', async () => {
    answers = [page([record], 'https://elsewhere.example/fhir/AuditEvent?_cursor=7&_count=1'), page([search])];
    const { code, text, terminal, file } = await exported();
    expect(code).toBe(0);
    const events = text()
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as { id: string });
    expect(events.map(({ id }) => id)).toEqual(['7', '8']);
    expect(api.asked.map(({ url }) => url)).toEqual([
      '/fhir/AuditEvent?_sort=date&_count=1000',
      '/fhir/AuditEvent?_cursor=7&_count=1',
    ]);
    expect(api.asked[0]?.headers.authorization).toBe('Bearer secret');
    expect(terminal.printed).toEqual([`Wrote 2 events to ${file}`]);
    expect(statSync(file).mode & 0o777).toBe(0o600);
  });

  it('asks for a period, a patient and an agent', async () => {
    answers = [page([])];
    await exported('--from', '2026-11-01', '--to', '2026-11-30', '--patient', 'Patient/p1', '--agent', 'a,b');
    const { searchParams } = new URL(api.asked[0]?.url ?? '', 'http://x');
    expect([...searchParams]).toEqual([
      ['_sort', 'date'],
      ['_count', '1000'],
      ['date', 'ge2026-11-01'],
      ['date', 'le2026-11-30'],
      ['patient', 'Patient/p1'],
      ['agent', String.raw`a\,b`],
    ]);
  });

  it('writes a row an event as csv, harmless to spreadsheets', async () => {
    answers = [page([record, search])];
    const { text } = await exported('--format', 'csv');
    const [head, ...rows] = text().split('\r\n');
    expect(head).toBe(columns.join(','));
    expect(rows).toEqual([
      `2026-11-23T10:00:00.000Z,R,read,0,,"'=dr,house",ward-app,10.0.0.7,Patient/p1,Patient/p1/_history/3,,request-1,7`,
      '2026-11-23T10:00:00.000Z,E,search-type,8,HTTP 504,admin,ward-app,10.0.0.7,Patient/p1,,Patient?name=x,request-1,8',
      '',
    ]);
  });

  it.each([
    [[record, search], 2],
    [[], undefined],
  ])('writes a Bundle that is JSON', async (records, entries) => {
    answers = [page(records)];
    const { text } = await exported('--format', 'bundle');
    const bundle = JSON.parse(text()) as { type: string; entry?: readonly unknown[] };
    expect(bundle.type).toBe('collection');
    expect(bundle.entry?.length).toBe(entries);
  });

  it('tells why the server refuses', async () => {
    const issue = [{ severity: 'error', code: 'forbidden', diagnostics: 'The scope does not allow this' }];
    answers = [{ status: 403, body: { resourceType: 'OperationOutcome', issue } }];
    const { code, terminal } = await exported();
    expect(code).toBe(1);
    expect(terminal.complaints).toEqual(['The server answered 403: The scope does not allow this']);
  });
});

describe('csvCell', () => {
  it.each([
    ['plain', 'plain'],
    ['', ''],
    ['a,b', '"a,b"'],
    ['say "hi"', '"say ""hi"""'],
    ['two\nlines', '"two\nlines"'],
    ['=1+1', "'=1+1"],
    ['+1', "'+1"],
    ['-1', "'-1"],
    ['@cmd', "'@cmd"],
    ['\tx', "'\tx"],
    ['\rx', `"'\rx"`],
    ['a=b', 'a=b'],
  ])('writes %j as %j', (text, expected) => {
    expect(csvCell(text)).toBe(expected);
  });
});
