/** What the measuring process asks of the load process, and how a workload's request becomes the bytes of HTTP/1.1. */
import type { SeededData } from '../seeded-data.ts';
import type { LoadRequest } from '../workloads/workload.ts';
import type { Target } from './connection.ts';

/** A server as those see it who send it requests. */
export interface Api {
  readonly target: Target;
  /** Path of the FHIR base, without a slash at its end. */
  readonly basePath: string;
  readonly token: string;
}

export interface LoadOrder {
  readonly workload: string;
  readonly data: SeededData;
  /** Of the random numbers: another for each round, so that no two store the same. */
  readonly seed: number;
  readonly api: Api;
  readonly connections: number;
  readonly seconds: number;
}

/** The whole request as text of one byte per character. Throws for a body that is not ASCII, whose length would be wrong. */
export function requestText({ method, path, body }: LoadRequest, { target, basePath, token }: Api): string {
  const head =
    `${method} ${basePath}${path === '' ? '' : '/'}${path} HTTP/1.1\r\n` +
    `Host: ${target.host}:${target.port}\r\nAuthorization: Bearer ${token}\r\nAccept: application/fhir+json\r\n`;
  if (body === undefined) return `${head}\r\n`;
  const text = JSON.stringify(body);
  // oxlint-disable-next-line no-control-regex -- all of ASCII
  if (!/^[\0-\x7f]*$/.test(text)) throw new Error('Bodies of the benchmark are ASCII');
  return `${head}Content-Type: application/fhir+json\r\nContent-Length: ${text.length}\r\n\r\n${text}`;
}
