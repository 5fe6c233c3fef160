import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, test } from '@jest/globals';
import { generateLoad } from '../bench/load/generate-load.ts';
import { histogramOf } from '../bench/load/histogram.ts';
import { type Api, requestText } from '../bench/load/load-order.ts';

let server: Server | undefined;

async function serve(listener: RequestListener): Promise<Api> {
  const started = createServer(listener);
  server = started;
  await new Promise<void>((resolve) => {
    started.listen(0, '127.0.0.1', resolve);
  });
  const { port } = started.address() as AddressInfo;
  return { target: { host: '127.0.0.1', port }, basePath: '/fhir', token: 'secret' };
}

afterEach(() => {
  server?.closeAllConnections();
  server?.close();
});

const plan = { connections: 4, seconds: 0.05, expected: 200 };
const request = { method: 'GET', path: 'Patient/1' } as const;

describe('generateLoad', () => {
  test('counts exactly the answers that the server gave', async () => {
    let answered = 0;
    const api = await serve((_request, response) => {
      answered += 1;
      // long enough to arrive in pieces, and in chunks
      response.write('x'.repeat(100_000));
      response.end('end');
    });
    const report = await generateLoad({ ...plan, target: api.target, next: () => requestText(request, api) });
    expect(report.succeeded).toBeGreaterThan(0);
    expect(report.succeeded).toBe(answered);
    expect(report.failures).toEqual({});
    expect(histogramOf(report.latencies).counts.reduce((sum, count) => sum + count)).toBe(answered);
  });

  test('sends what was asked, each body whole', async () => {
    const seen = new Set<string>();
    const api = await serve((request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        const { method, url, headers } = request;
        seen.add([method, url, headers.authorization, Buffer.concat(chunks).toString()].join(' '));
        response.end();
      });
    });
    const next = () => requestText({ method: 'POST', path: '', body: { resourceType: 'Bundle' } }, api);
    await generateLoad({ ...plan, target: api.target, next });
    expect([...seen]).toEqual(['POST /fhir Bearer secret {"resourceType":"Bundle"}']);
  });

  test('takes any other status for a failure, never for throughput', async () => {
    let turn = 0;
    const api = await serve((_request, response) => {
      turn += 1;
      response.statusCode = turn % 2 === 0 ? 429 : 200;
      response.end();
    });
    const report = await generateLoad({ ...plan, target: api.target, next: () => requestText(request, api) });
    expect(report.succeeded).toBe(Math.ceil(turn / 2));
    expect(report.failures).toEqual({ 429: Math.floor(turn / 2) });
  });

  test('counts a broken connection once and goes on with the others', async () => {
    let turn = 0;
    const api = await serve((_request, response) => {
      turn += 1;
      if (turn === 1) response.destroy();
      else response.end();
    });
    const report = await generateLoad({ ...plan, target: api.target, next: () => requestText(request, api) });
    expect(report.failures).toEqual({ broken: 1 });
    expect(report.succeeded).toBe(turn - 1);
  });
});

test('requestText refuses a body whose bytes it cannot count', async () => {
  const api = await serve(() => undefined);
  expect(() => requestText({ method: 'POST', path: 'Patient', body: { name: 'Zoë' } }, api)).toThrow('ASCII');
});
