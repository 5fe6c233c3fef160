import { once } from 'node:events';
import { Agent, get, type IncomingMessage, type RequestListener, type ServerResponse } from 'node:http';
import { describe, expect, it } from '@jest/globals';
import { listen } from '../../src/runtime/http-listener.ts';

const host = '127.0.0.1';

/** A handler that holds each response back until it is told. */
function heldResponses() {
  const held: ServerResponse[] = [];
  let arrive!: () => void;
  const arrived = new Promise<void>((resolve) => {
    arrive = resolve;
  });
  const handler: RequestListener = (_request, response) => {
    held.push(response);
    arrive();
  };
  return { handler, arrived, answer: () => held.forEach((response) => response.end('done')) };
}

async function ask(port: number, agent: Agent): Promise<string> {
  const [response] = (await once(get({ host, port, agent }), 'response')) as [IncomingMessage];
  let text = '';
  for await (const chunk of response) text += String(chunk);
  return text;
}

describe('listen', () => {
  it('finds a free port', async () => {
    const listener = await listen({ host, port: 0, handler: (_request, response) => response.end('here') });
    expect(await ask(listener.port, new Agent())).toBe('here');
    await listener.close(1_000);
  });

  it('says when the port is taken', async () => {
    const first = await listen({ host, port: 0, handler: () => undefined });
    await expect(listen({ host, port: first.port, handler: () => undefined })).rejects.toThrow('EADDRINUSE');
    await first.close(0);
  });

  it('lets requests under way finish, takes no others, and waits for no idle connection', async () => {
    const { handler, arrived, answer } = heldResponses();
    const listener = await listen({ host, port: 0, handler });
    const agent = new Agent({ keepAlive: true });
    const underWay = ask(listener.port, agent);
    await arrived;
    const closing = listener.close(60_000);
    await expect(ask(listener.port, new Agent())).rejects.toThrow('ECONNREFUSED');
    answer();
    expect(await underWay).toBe('done');
    await closing;
    agent.destroy();
  });

  it('cuts what takes longer than the grace', async () => {
    const { handler, arrived } = heldResponses();
    const listener = await listen({ host, port: 0, handler });
    const underWay = ask(listener.port, new Agent()).catch((cause: NodeJS.ErrnoException) => cause.code);
    await arrived;
    await listener.close(1);
    expect(await underWay).toBe('ECONNRESET');
  });
});
