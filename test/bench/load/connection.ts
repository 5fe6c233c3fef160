/** One keep-alive connection with one request in flight, on a bare socket: what the generator costs must not be taken for what the server costs. */
import { connect, type Socket } from 'node:net';
import { type ParsedResponse, parseResponse } from './parse-response.ts';

export interface Target {
  readonly host: string;
  readonly port: number;
}

export interface Connection {
  /** Sends a whole request, given as text of one byte per character, and resolves with its answer's status. Rejects when the connection breaks. */
  exchange(request: string): Promise<number>;
  close(): void;
}

interface Waiting {
  resolve(status: number): void;
  reject(cause: Error): void;
}

function openSocket({ host, port }: Target): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host, port, noDelay: true });
    socket.once('error', reject);
    socket.once('connect', () => {
      socket.off('error', reject);
      resolve(socket);
    });
  });
}

/** Splits what arrives into responses. `take` gets each; anything malformed throws. */
function createReceiver(take: (response: ParsedResponse) => void): (chunk: Buffer) => void {
  let kept: readonly Buffer[] = [];
  return (chunk) => {
    const bytes = kept.length > 0 ? Buffer.concat([...kept, chunk]) : chunk;
    const response = parseResponse(bytes);
    if (!response) {
      kept = [bytes];
      return;
    }
    if (response.end !== bytes.length) throw new Error('More was answered than was asked');
    kept = [];
    take(response);
  };
}

/** Connects. Rejects when the server does not listen. */
export async function openConnection(target: Target): Promise<Connection> {
  const socket = await openSocket(target);
  let waiting: Waiting | undefined;

  function settle(outcome: number | Error): void {
    const waiter = waiting;
    waiting = undefined;
    if (outcome instanceof Error) waiter?.reject(outcome);
    else waiter?.resolve(outcome);
  }

  const receive = createReceiver(({ status, keepAlive }) => {
    if (!keepAlive) socket.destroy();
    settle(status);
  });
  socket.on('data', (chunk) => {
    try {
      receive(chunk);
    } catch (cause) {
      socket.destroy(cause as Error);
    }
  });
  socket.on('error', settle);
  socket.on('close', () => settle(new Error('The server closed the connection')));

  return {
    exchange(request) {
      return new Promise((resolve, reject) => {
        if (socket.destroyed) return reject(new Error('The connection is closed'));
        waiting = { resolve, reject };
        socket.write(request, 'latin1');
      });
    },
    close: () => socket.destroy(),
  };
}
