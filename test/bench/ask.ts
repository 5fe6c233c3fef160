/** One request outside of any measurement: for putting data there, and for seeing that answers are right. */
import type { Api } from './load/load-order.ts';
import type { LoadRequest } from './workloads/workload.ts';

export interface Answer {
  readonly status: number;
  readonly text: string;
}

export async function ask({ method, path, body }: LoadRequest, { target, basePath, token }: Api): Promise<Answer> {
  const response = await fetch(`http://${target.host}:${target.port}${basePath}${path === '' ? '' : '/'}${path}`, {
    method,
    headers: {
      authorization: `Bearer ${token}`,
      accept: 'application/fhir+json',
      ...(body && { 'content-type': 'application/fhir+json' }),
    },
    ...(body && { body: JSON.stringify(body) }),
  });
  return { status: response.status, text: await response.text() };
}
