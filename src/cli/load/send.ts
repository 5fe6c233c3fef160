/** Sends a parcel, again and again where that is safe: when the server is busy, and when a connection could not be made. https://www.rfc-editor.org/rfc/rfc9110#field.retry-after */
import { setTimeout as delay } from 'node:timers/promises';
import type { ApiAccess } from '../api-access.ts';
import type { Parcel } from './parcel.ts';

export interface Answer {
  readonly status: number;
  readonly body: string;
}

/** Sends a parcel. Rejects with LoadStopped when going on is of no use, and with other errors when it is not known whether the parcel was stored. */
export type Send = (parcel: Parcel) => Promise<Answer>;

/** The server cannot be reached or does not accept the token: no other parcel will fare better. */
export class LoadStopped extends Error {}

export interface SendOptions {
  /** Waits so many milliseconds. */
  readonly wait?: (milliseconds: number) => Promise<unknown>;
  readonly attempts?: number;
}

const busy: ReadonlySet<number> = new Set([429, 503]);
const firstWaitMs = 500;
const longestWaitMs = 30_000;
const defaultAttempts = 10;

/** What the server asks for, else longer each time. */
function waitOf(retryAfter: string | null, attempt: number): number {
  const seconds = Number(retryAfter);
  const asked = retryAfter && Number.isFinite(seconds) ? seconds * 1_000 : firstWaitMs * 2 ** attempt;
  return Math.min(Math.max(asked, 0), longestWaitMs);
}

interface NetworkError {
  readonly code?: string;
  readonly cause?: NetworkError;
  /** One for each address that was tried. */
  readonly errors?: readonly NetworkError[];
}

const neverSent: ReadonlySet<string> = new Set(['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN']);

/** True when nothing can have arrived. */
function wasNeverSent({ code = '', cause, errors = [] }: NetworkError): boolean {
  return neverSent.has(code) || (cause !== undefined && wasNeverSent(cause)) || errors.some(wasNeverSent);
}

function request({ url, token }: ApiAccess, { method, path, body }: Parcel): Promise<Response> {
  return fetch(path === '' ? url : `${url}/${path}`, {
    method,
    body,
    redirect: 'error',
    headers: {
      Authorization: `Bearer ${token}`,
      'Content-Type': 'application/fhir+json',
      Accept: 'application/fhir+json',
      Prefer: 'return=minimal',
    },
  });
}

/** Sends over HTTP; connections are kept. */
export function createSend(access: ApiAccess, { wait = delay, attempts = defaultAttempts }: SendOptions = {}): Send {
  async function attemptAt(parcel: Parcel, attempt: number): Promise<Answer | undefined> {
    const isLast = attempt + 1 >= attempts;
    try {
      const response = await request(access, parcel);
      const body = await response.text();
      if (response.status === 401) throw new LoadStopped('The server does not accept the token');
      if (isLast || !busy.has(response.status)) return { status: response.status, body };
      await wait(waitOf(response.headers.get('retry-after'), attempt));
    } catch (cause) {
      const isRefused = wasNeverSent(cause as NetworkError);
      if (isLast && isRefused) {
        throw new LoadStopped(`The server at ${access.url} cannot be reached; run the same with --resume when it can`, {
          cause,
        });
      }
      // a second PUT of the same stores nothing twice
      if (isLast || !(isRefused || (parcel.method === 'PUT' && !(cause instanceof LoadStopped)))) throw cause;
      await wait(waitOf(null, attempt));
    }
    return undefined;
  }

  return async (parcel) => {
    for (let attempt = 0; ; attempt += 1) {
      const answer = await attemptAt(parcel, attempt);
      if (answer) return answer;
    }
  };
}
