/** Reads AuditEvents through the API, page by page, so that the export is itself in the audit log. https://hl7.org/fhir/R4/auditevent.html#search */
import type { ApiAccess } from '../api-access.ts';

/** Which events; all of it optional. */
export interface EventFilter {
  /** First and last day or instant, both included. */
  readonly from?: string;
  readonly to?: string;
  /** Logical id of a Patient. */
  readonly patient?: string;
  readonly agent?: string;
}

/** An AuditEvent as the API answers with it. */
export type AuditEvent = Readonly<Record<string, unknown>>;

interface Page {
  readonly entry?: readonly { readonly resource?: AuditEvent }[];
  readonly link?: readonly { readonly relation?: string; readonly url?: string }[];
}

const pageSize = 1_000;

/** https://hl7.org/fhir/R4/search.html#escaping */
const escapeValue = (value: string) => value.replace(/[\\,$|]/g, String.raw`\$&`);

/** The search that the filter is; the oldest event first, so that events written meanwhile cannot move a page. */
export function queryOf({ from, to, patient, agent }: EventFilter): URLSearchParams {
  const query = new URLSearchParams({ _sort: 'date', _count: String(pageSize) });
  if (from !== undefined) query.append('date', `ge${from}`);
  if (to !== undefined) query.append('date', `le${to}`);
  if (patient !== undefined) query.append('patient', `Patient/${patient.replace(/^Patient\//, '')}`);
  if (agent !== undefined) query.append('agent', escapeValue(agent));
  return query;
}

async function readPage({ url, token }: ApiAccess, query: string): Promise<Page> {
  const response = await fetch(`${url}/AuditEvent?${query}`, {
    redirect: 'error',
    headers: { Authorization: `Bearer ${token}`, Accept: 'application/fhir+json' },
  });
  const body = await response.text();
  if (response.ok) return JSON.parse(body) as Page;
  const { issue } = parseOutcome(body);
  const reason = issue?.map(({ diagnostics }) => diagnostics).find(Boolean) ?? response.statusText;
  throw new Error(`The server answered ${response.status}: ${reason}`);
}

function parseOutcome(body: string): { readonly issue?: readonly { readonly diagnostics?: string }[] } {
  try {
    return JSON.parse(body) as { issue?: { diagnostics?: string }[] };
  } catch {
    return {};
  }
}

/** The next page's query. Of the link only that: the token goes to the server it was given for and to no other. */
function nextQuery({ link }: Page): string | undefined {
  const next = link?.find(({ relation }) => relation === 'next')?.url;
  return next === undefined ? undefined : new URL(next, 'http://localhost').search.slice(1);
}

/** All events that match, the oldest first. Throws with the server's reason when it refuses. */
export async function* readEvents(access: ApiAccess, filter: EventFilter): AsyncGenerator<AuditEvent> {
  for (let query: string | undefined = queryOf(filter).toString(); query !== undefined;) {
    const page = await readPage(access, query);
    for (const { resource } of page.entry ?? []) if (resource?.['resourceType'] === 'AuditEvent') yield resource;
    query = nextQuery(page);
  }
}
