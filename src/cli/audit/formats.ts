/** The formats of an export, each as text written piece by piece: an audit log does not fit into memory. */
import { columns, flattenEvent } from './flatten-event.ts';
import type { AuditEvent } from './read-events.ts';

export interface ExportFormat {
  /** Before the first event. */
  readonly head: string;
  /** One event; `index` counts from 0. */
  event(event: AuditEvent, index: number): string;
  /** After the last of so many. */
  tail(count: number): string;
}

/** A cell that begins so would be a formula to a spreadsheet: an apostrophe keeps it text. https://owasp.org/www-community/attacks/CSV_Injection */
const formula = /^[=+\-@\t\r]/;

/** https://www.rfc-editor.org/rfc/rfc4180 */
export function csvCell(text: string): string {
  const harmless = formula.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(harmless) ? `"${harmless.replaceAll('"', '""')}"` : harmless;
}

const csvLine = (cells: readonly string[]) => `${cells.map(csvCell).join(',')}\r\n`;

export const formats: Readonly<Record<string, ExportFormat>> = {
  ndjson: { head: '', event: (event) => `${JSON.stringify(event)}\n`, tail: () => '' },
  csv: { head: csvLine(columns), event: (event) => csvLine(flattenEvent(event)), tail: () => '' },
  bundle: {
    head: '{"resourceType":"Bundle","type":"collection"',
    event: (event, index) => `${index === 0 ? ',"entry":[\n' : ',\n'}${JSON.stringify({ resource: event })}`,
    // FHIR has no empty arrays
    tail: (count) => (count === 0 ? '}\n' : '\n]}\n'),
  },
};
