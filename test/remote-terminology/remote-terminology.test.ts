/** A terminology server elsewhere: a real one over HTTP, that answers as each test wants. */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, beforeEach, describe, expect, it, test } from '@jest/globals';
import type { Terminology } from '../../src/fhir/terminology.ts';
import { createRemoteTerminology, type RemoteTerminology } from '../../src/remote-terminology/remote-terminology.ts';
import type { Observation } from '../../src/telemetry/observation.ts';

type Handler = (request: IncomingMessage, response: ServerResponse, body: string) => void;

let server: Server;
let url: string;
let handler: Handler;
let asked: { readonly path: string | undefined; readonly authorization: string | undefined; readonly body: string }[];
let clock: number;
let observed: Observation[];

beforeAll(async () => {
  server = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk: Buffer) => (body += chunk.toString()));
    request.on('end', () => {
      asked.push({ path: request.url, authorization: request.headers.authorization, body });
      handler(request, response, body);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/fhir`;
});

afterAll(() => {
  server.closeAllConnections();
  return new Promise((resolve) => server.close(resolve));
});

beforeEach(() => {
  asked = [];
  observed = [];
  clock = 0;
});

const local: Terminology = {
  membership: (valueSet) => (valueSet === 'http://a.example/known' ? 'not-member' : 'unknown'),
  displays: () => undefined,
  isUnknownCode: () => false,
};

const open = (timeoutMs = 5_000): RemoteTerminology =>
  createRemoteTerminology(local, {
    url,
    token: 'secret',
    timeoutMs,
    now: () => clock,
    observe: (one) => observed.push(one),
  });

const json = (response: ServerResponse, status: number, body: unknown): void => {
  response.writeHead(status, { 'Content-Type': 'application/fhir+json' }).end(JSON.stringify(body));
};

const answer =
  (result: unknown, message?: string): Handler =>
  (_request, response) => {
    const parameter = [
      { name: 'result', valueBoolean: result },
      ...(message ? [{ name: 'message', valueString: message }] : []),
    ];
    json(response, 200, { resourceType: 'Parameters', parameter });
  };

const valueSet = 'http://a.example/ValueSet/x|2';
const coding = { system: 'http://loinc.org', code: '8867-4' };

/** Asks, lets it settle, and asks again. */
async function membershipOf(remote: RemoteTerminology): Promise<string> {
  remote.terminology.membership(valueSet, coding);
  await remote.settle();
  return remote.terminology.membership(valueSet, coding);
}

describe('a terminology server', () => {
  it('is asked for what is not known here, and its answer kept', async () => {
    handler = answer(true);
    const remote = open();
    expect(remote.terminology.membership(valueSet, coding)).toBe('unknown');
    expect(remote.hasMisses).toBe(true);
    expect(await remote.settle()).toBe(true);
    expect(remote.terminology.membership(valueSet, coding)).toBe('member');
    expect([remote.hasMisses, asked.length]).toEqual([false, 1]);
    expect(asked[0]).toMatchObject({ path: '/fhir/ValueSet/$validate-code', authorization: 'Bearer secret' });
    expect(JSON.parse(asked[0]?.body ?? '')).toEqual({
      resourceType: 'Parameters',
      parameter: [
        { name: 'url', valueUri: 'http://a.example/ValueSet/x' },
        { name: 'valueSetVersion', valueString: '2' },
        { name: 'coding', valueCoding: coding },
      ],
    });
  });

  it('is not asked for what is known here', () => {
    const remote = open();
    expect(remote.terminology.membership('http://a.example/known', coding)).toBe('not-member');
    expect(remote.hasMisses).toBe(false);
  });

  const answers: readonly (readonly [what: string, handler: Handler, membership: string])[] = [
    ['true', answer(true), 'member'],
    ['false', answer(false), 'not-member'],
    [
      'false, because it does not know the system',
      answer(false, 'The code system http://loinc.org could not be found'),
      'unknown',
    ],
    ['404', (_request, response) => json(response, 404, { resourceType: 'OperationOutcome' }), 'unknown'],
    ['422', (_request, response) => json(response, 422, { resourceType: 'OperationOutcome' }), 'unknown'],
    ['500', (_request, response) => json(response, 500, {}), 'unknown'],
    ['a result that is a text', answer('true'), 'unknown'],
    [
      'an OperationOutcome',
      (_request, response) => json(response, 200, { resourceType: 'OperationOutcome' }),
      'unknown',
    ],
    ['what is no JSON', (_request, response) => response.end('<html>'), 'unknown'],
    ['too much', (_request, response) => response.end(Buffer.alloc(2_000_000, 'a')), 'unknown'],
    [
      'with a redirect',
      (_request, response) => response.writeHead(302, { Location: `${url}/elsewhere` }).end(),
      'unknown',
    ],
    ['by hanging up', (request) => request.socket.destroy(), 'unknown'],
  ];

  test.each(answers)('that answers %s', async (_what, how, membership) => {
    handler = how;
    expect(await membershipOf(open())).toBe(membership);
    expect(asked.map(({ path }) => path)).toEqual(['/fhir/ValueSet/$validate-code']);
  });

  it('that never answers is not waited for beyond the time limit', async () => {
    handler = () => undefined;
    const remote = open(50);
    expect(await membershipOf(remote)).toBe('unknown');
  });

  it('is asked each question once, however often it came up', async () => {
    handler = answer(true);
    const remote = open();
    for (let index = 0; index < 200; index += 1) remote.terminology.membership(valueSet, coding);
    await remote.settle();
    expect(asked.length).toBe(1);
  });

  it('is asked again after an hour, or five minutes when it did not know', async () => {
    handler = answer(true);
    const remote = open();
    await membershipOf(remote);
    clock += 3_599_999;
    expect(remote.terminology.membership(valueSet, coding)).toBe('member');
    clock += 1;
    expect([remote.terminology.membership(valueSet, coding), remote.hasMisses]).toEqual(['unknown', true]);
    handler = answer(false, 'unknown value set');
    await remote.settle();
    remote.terminology.membership(valueSet, coding);
    expect(remote.hasMisses).toBe(false);
    clock += 300_000;
    remote.terminology.membership(valueSet, coding);
    expect(remote.hasMisses).toBe(true);
  });

  it('is left alone after five failures, tried once after a while, and used again', async () => {
    handler = (_request, response) => json(response, 503, {});
    const remote = open();
    for (let index = 0; index < 8; index += 1) await membershipOf(remote);
    expect([asked.length, observed.map(({ kind }) => kind)]).toEqual([5, ['terminology-lost']]);
    clock += 30_000;
    await membershipOf(remote);
    await membershipOf(remote);
    expect(asked.length).toBe(6);
    clock += 30_000;
    handler = answer(true);
    expect(await membershipOf(remote)).toBe('member');
    expect(observed.map(({ kind }) => kind)).toEqual(['terminology-lost', 'terminology-regained']);
    expect(JSON.stringify(observed)).not.toContain('8867-4');
  });

  it('gives up what is under way when the server closes', async () => {
    const arrived = new Promise<void>((resolve) => {
      handler = () => resolve();
    });
    const remote = open();
    remote.terminology.membership(valueSet, coding);
    const settling = remote.settle();
    await arrived;
    remote.close();
    expect(await settling).toBe(false);
  });
});
