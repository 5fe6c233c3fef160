/** The audit log as AuditEvents: it is read and searched, never written by a client. https://hl7.org/fhir/R4/auditevent.html */
import { toAuditEvent } from '../audit/audit-event.ts';
import { isAuditId } from '../audit/audit-id.ts';
import { parseAuditSearch } from '../audit/audit-search.ts';
import { bundleText } from '../fhir/bundle.ts';
import { methodNotAllowed, notFound } from '../fhir/fhir-error.ts';
import type { StoredAuditRecord } from '../ports.ts';
import type { Context, Interaction } from './interaction.ts';
import { pageLinks } from './page-links.ts';

function render(record: StoredAuditRecord, { settings: { baseUrl } }: Context) {
  return toAuditEvent(record, { baseUrl });
}

/** The patients an answer speaks of are named in it, so reading the log is itself an access to them. */
const patientsOf = (records: readonly StoredAuditRecord[]): string[] =>
  records.flatMap(({ patient }) => (patient === undefined ? [] : [patient]));

export const readAuditEvent: Interaction = async ({ id = '' }, context) => {
  const [record] = isAuditId(id) ? await context.audit.find({ ids: [id], count: 1 }) : [];
  if (!record) throw notFound('There is no such AuditEvent');
  return { status: 200, resource: render(record, context), patients: patientsOf([record]) };
};

export const searchAuditEvents: Interaction = async ({ parameters }, context) => {
  const { query, total: wantsTotal } = parseAuditSearch(parameters);
  const total = wantsTotal ? await context.audit.count(query) : undefined;
  const found = query.count > 0 ? await context.audit.find({ ...query, count: query.count + 1 }) : [];
  const records = found.slice(0, query.count);
  const next = found.length > query.count ? records.at(-1)?.id : undefined;
  const { baseUrl } = context.settings;
  const text = bundleText({
    type: 'searchset',
    ...(total !== undefined && { total }),
    links: pageLinks(`${baseUrl}/AuditEvent`, parameters, next),
    entries: records.map((record) => ({
      fullUrl: `${baseUrl}/AuditEvent/${record.id}`,
      resource: JSON.stringify(render(record, context)),
      search: { mode: 'match' },
    })),
  });
  return { status: 200, text, patients: patientsOf(records) };
};

export const refuseAuditChange: Interaction = async () => {
  throw methodNotAllowed('The audit log is written by the server alone and never changed', 'GET, HEAD');
};
