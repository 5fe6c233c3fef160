/** The listening socket: limits against slow and endless clients, and an end that lets requests finish. https://nodejs.org/docs/latest-v20.x/api/http.html#class-httpserver */
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface HttpListener {
  readonly port: number;
  /** Takes no new connections, lets requests under way finish for so long, then cuts what is left. */
  close(graceMilliseconds: number): Promise<void>;
}

export interface HttpListenerOptions {
  readonly host: string;
  readonly port: number;
  readonly handler: RequestListener;
}

const limits = {
  maxHeaderSize: 32 * 1024,
  headersTimeout: 10_000,
  // a Bundle of 50 MB over 4 Mbit/s takes 100 s
  requestTimeout: 120_000,
  // longer than the 60 s after which common proxies drop an idle connection, so that the proxy closes first
  keepAliveTimeout: 65_000,
  connectionsCheckingInterval: 5_000,
} as const;

const maximumConnections = 2_000;
const idleCheckMs = 25;

function listening(server: Server, host: string, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen({ host, port }, () => {
      server.off('error', reject);
      resolve();
    });
  });
}

/** Connections that were in use when the server began to close become idle one by one; each must be closed then, for clients would keep them. */
function closed(server: Server, graceMilliseconds: number): Promise<void> {
  return new Promise((resolve) => {
    const idle = setInterval(() => server.closeIdleConnections(), idleCheckMs);
    const impatience = setTimeout(() => server.closeAllConnections(), graceMilliseconds);
    server.close(() => {
      clearInterval(idle);
      clearTimeout(impatience);
      resolve();
    });
  });
}

/** Listens. Rejects when the address cannot be had. */
export async function listen({ host, port, handler }: HttpListenerOptions): Promise<HttpListener> {
  const server = createServer(limits, handler);
  server.maxConnections = maximumConnections;
  await listening(server, host, port);
  const address = server.address() as AddressInfo;
  return { port: address.port, close: (graceMilliseconds) => closed(server, graceMilliseconds) };
}
