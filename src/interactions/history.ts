/** FHIR history of a resource, a type and the system. https://hl7.org/fhir/R4/http.html#history */
import { bundleText, type BundleEntry, fullUrl } from '../fhir/bundle.ts';
import { etag } from '../fhir/etag.ts';
import { invalid, notFound, notSupported } from '../fhir/fhir-error.ts';
import { readInstantRange } from '../search/date-range.ts';
import type { HistoryPage, HistoryScope, StoredVersion } from '../ports.ts';
import { identityOf } from './identity.ts';
import type { Context, Input, Interaction, Parameters } from './interaction.ts';
import { pageLinks } from './page-links.ts';

const defaultCount = 50;
const maximumCount = 1000;

type Filter = Omit<HistoryScope, 'type' | 'id'>;

function readCount(value: string): number {
  if (!/^\d{1,9}$/.test(value)) throw invalid('_count must be a whole number', 'http._count');
  return Math.min(Number(value), maximumCount);
}

const readers: Readonly<Record<string, (value: string) => Partial<Filter>>> = {
  _count: (value) => ({ count: readCount(value) }),
  _since: (value) => ({ since: readInstantRange(value, 'http._since').low }),
  _cursor: (value) => ({ before: value }),
  _format: () => ({}),
  _pretty: () => ({}),
};

function readFilter(parameters: Parameters): Filter {
  const filter: Filter = { count: defaultCount };
  for (const [name, value] of parameters) {
    const read = readers[name];
    if (!read) throw notSupported(`History does not know the parameter ${name}`, `http.${name}`);
    Object.assign(filter, read(value));
  }
  return filter;
}

const statuses: Readonly<Record<string, string>> = { POST: '201', PUT: '200', PATCH: '200', DELETE: '204' };

function toEntry(baseUrl: string, version: StoredVersion): BundleEntry {
  const { type, id, method, text, lastUpdated } = version;
  const status = method === 'PUT' && version.version === 1 ? '201' : (statuses[method] ?? '200');
  return {
    fullUrl: fullUrl(baseUrl, version),
    ...(text !== undefined && { resource: text }),
    request: { method, url: method === 'POST' ? type : `${type}/${id}` },
    response: { status, etag: etag(version.version), lastModified: lastUpdated },
  };
}

function answer(input: Input, { settings: { baseUrl } }: Context, path: string, page: HistoryPage) {
  const text = bundleText({
    type: 'history',
    total: page.total,
    links: pageLinks(`${baseUrl}/${path}`, input.parameters, page.next),
    entries: page.versions.map((version) => toEntry(baseUrl, version)),
  });
  return { status: 200, text, patients: page.versions.flatMap(({ patients }) => patients) };
}

export const historyInstance: Interaction = async (input, context) => {
  const identity = identityOf(input);
  const page = await context.store.history({ ...readFilter(input.parameters), ...identity });
  if (page.total === 0 && !(await context.store.read(identity))) throw notFound(`There is no such ${identity.type}`);
  return answer(input, context, `${identity.type}/${identity.id}/_history`, page);
};

export const historyType: Interaction = async (input, context) => {
  const { type = '' } = input;
  const page = await context.store.history({ ...readFilter(input.parameters), type });
  return answer(input, context, `${type}/_history`, page);
};

export const historySystem: Interaction = async (input, context) => {
  const page = await context.store.history(readFilter(input.parameters));
  return answer(input, context, '_history', page);
};
