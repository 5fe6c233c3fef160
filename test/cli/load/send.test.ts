import { describe, expect, it } from '@jest/globals';
import type { Parcel } from '../../../src/cli/load/parcel.ts';
import { createSend, LoadStopped } from '../../../src/cli/load/send.ts';
import { type FakeAnswer, fakeApi } from '../fake-api.ts';

const parcel: Parcel = {
  file: 'a.json',
  kind: 'transaction',
  method: 'POST',
  path: '',
  body: '{"resourceType":"Bundle"}',
  resources: 1,
  bytes: 25,
};

/** Sends to a server that gives these answers, the last of them for ever. */
async function sendTo(answers: readonly FakeAnswer[], attempts = 4) {
  const api = await fakeApi((_asked, count) => answers[Math.min(count, answers.length) - 1] ?? { status: 500 });
  const waits: number[] = [];
  const wait = (milliseconds: number) => Promise.resolve(waits.push(milliseconds));
  const send = createSend({ url: api.url, token: 'secret' }, { wait, attempts });
  const answer = await send(parcel).catch((cause: unknown) => cause);
  await api.close();
  return { answer, waits, asked: api.asked };
}

describe('createSend', () => {
  it('posts a Bundle to the base with token and media type', async () => {
    const { asked, answer } = await sendTo([{ status: 200, body: { resourceType: 'Bundle' } }]);
    expect(answer).toEqual({ status: 200, body: '{"resourceType":"Bundle"}' });
    expect(asked[0]).toMatchObject({
      method: 'POST',
      url: '/fhir',
      body: parcel.body,
      headers: { authorization: 'Bearer secret', 'content-type': 'application/fhir+json', prefer: 'return=minimal' },
    });
  });

  it('waits as long as a busy server asks, else longer each time', async () => {
    const busy = { status: 429, headers: { 'Retry-After': '7' } };
    const { answer, waits } = await sendTo([busy, { status: 503 }, { status: 503 }, { status: 200 }]);
    expect(answer).toMatchObject({ status: 200 });
    expect(waits).toEqual([7_000, 1_000, 2_000]);
  });

  it('takes a busy answer for the answer in the end', async () => {
    const { answer, asked } = await sendTo([{ status: 503 }], 3);
    expect(answer).toMatchObject({ status: 503 });
    expect(asked).toHaveLength(3);
  });

  it('asks no second time for what was refused', async () => {
    const { answer, asked } = await sendTo([{ status: 422 }]);
    expect(answer).toMatchObject({ status: 422 });
    expect(asked).toHaveLength(1);
  });

  it('stops when the token is not accepted', async () => {
    const { answer, asked } = await sendTo([{ status: 401 }]);
    expect(answer).toBeInstanceOf(LoadStopped);
    expect(asked).toHaveLength(1);
  });

  it('stops when the server cannot be reached, after some tries', async () => {
    const api = await fakeApi(() => ({ status: 200 }));
    await api.close();
    const waits: number[] = [];
    const wait = (milliseconds: number) => Promise.resolve(waits.push(milliseconds));
    const send = createSend({ url: api.url, token: 'secret' }, { wait, attempts: 3 });
    await expect(send(parcel)).rejects.toThrow(LoadStopped);
    expect(waits).toEqual([500, 1_000]);
  });
});
