/** AuditEvents are kept in the log, not among the resources, and are searched by themselves. https://hl7.org/fhir/R4/auditevent.html */
import { refused } from './malformed.ts';

const log = 'AuditEvent';

/** True of what no search of other resources can look into: an answer would be empty, whatever the log holds. */
export const isApart = (type: string | undefined): boolean => type === log;

/** Throws a FhirError 400. */
export function refuseApart(type: string | undefined, name: string): void {
  if (isApart(type)) throw refused(name, 'AuditEvents are searched by themselves, at /AuditEvent');
}
