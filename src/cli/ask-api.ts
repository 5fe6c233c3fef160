/** One question to the API, for commands that do not load. */
import type { ApiAccess } from './api-access.ts';
import { UsageError } from './command.ts';

/** The body of the answer. Throws UsageError with what the server says when it refuses, or when it cannot be reached. */
export async function askApi({ url, token }: ApiAccess, method: 'GET' | 'POST', path: string): Promise<string> {
  const headers = { Authorization: `Bearer ${token}`, Accept: 'application/fhir+json' };
  const response = await fetch(`${url}/${path}`, { method, headers, redirect: 'error' }).catch((cause: unknown) => {
    throw new UsageError(`${url} cannot be reached`, { cause });
  });
  const text = await response.text();
  if (!response.ok) throw new UsageError(`The server answered ${response.status}: ${text.slice(0, 500)}`);
  return text;
}
