import { expect, test } from '@jest/globals';
import type { RequestHandler } from 'express';
import { connect } from 'node:net';
import request from 'supertest';
import { createObserveRequests } from '../../../src/http/middleware/observe-requests.ts';
import { factsOf } from '../../../src/http/middleware/request-facts.ts';
import type { Observation } from '../../../src/telemetry/observation.ts';
import { appWith, listen } from './serve.ts';

function deferred<Value>() {
  let settle: (value: Value) => void = () => undefined;
  const promise = new Promise<Value>((resolve) => (settle = resolve));
  return { promise, resolve: (value: Value) => settle(value) };
}

const route: RequestHandler = (_request, response, next) => {
  factsOf(response).route = '/:type/:id';
  next();
};

test('every request is told once, by the template of its route', async () => {
  const told: Observation[] = [];
  const app = appWith(
    createObserveRequests((observation) => void told.push(observation)),
    route,
  );
  await request(app).get('/Patient/secret?name=secret').set('X-Request-Id', 'r1');
  expect(told).toEqual([
    {
      kind: 'request-finished',
      requestId: 'r1',
      method: 'GET',
      route: '/:type/:id',
      status: 200,
      milliseconds: expect.any(Number),
    },
  ]);
});

test('one that no route took is unmatched', async () => {
  const told: Observation[] = [];
  await request(appWith(createObserveRequests((observation) => void told.push(observation)))).get('/secret');
  expect(told).toMatchObject([{ route: 'unmatched' }]);
});

test('one whose client left is told as 499', async () => {
  const arrived = deferred<void>();
  const observed = deferred<Observation>();
  const { port, close } = await listen(appWith(createObserveRequests(observed.resolve), () => arrived.resolve()));
  const socket = connect(port, '127.0.0.1', () => socket.write('GET / HTTP/1.1\r\nHost: a\r\n\r\n'));
  await arrived.promise;
  socket.destroy();
  expect(await observed.promise).toMatchObject({ status: 499, route: 'unmatched' });
  await close();
});
