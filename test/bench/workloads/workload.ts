/** What a workload is: a name, what counts as done, and an endless row of requests. */
import type { Random } from '../records/random.ts';
import type { SeededData } from '../seeded-data.ts';

/** `path` is relative to the FHIR base, with its query. */
export interface LoadRequest {
  readonly method: 'GET' | 'POST' | 'PUT';
  readonly path: string;
  readonly body?: object;
}

export interface Workload {
  readonly name: string;
  readonly description: string;
  /** Any other status is a failure. */
  readonly expected: number;
  /** A text that a right answer holds: what is quick because it finds nothing must not be measured. */
  readonly contains: string;
  /** Resources that one request stores; CPU time is given per resource when there is more than one. */
  readonly resources: number;
  /** True when it stores something, so that disk per resource can be told. */
  readonly stores: boolean;
  /** Requests in flight, where fewer than usual make sense. */
  readonly connections?: number;
  /** The most CPU that a request or resource should take, in microseconds, node and PostgreSQL together. */
  readonly aim?: number;
  /** Returns a function that makes the next request. */
  requests(data: SeededData, random: Random): () => LoadRequest;
}
