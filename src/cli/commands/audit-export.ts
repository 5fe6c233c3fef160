/** `vesta audit export`: who did what to whose data, as a file. */
import { createWriteStream } from 'node:fs';
import { finished } from 'node:stream/promises';
import { apiAccess, apiOptions } from '../api-access.ts';
import { exportEvents } from '../audit/export-events.ts';
import { columns } from '../audit/flatten-event.ts';
import { formats } from '../audit/formats.ts';
import { type EventFilter, readEvents } from '../audit/read-events.ts';
import { type Arguments, type Command, type Terminal, UsageError } from '../command.ts';

const formatNames = Object.keys(formats);

function filterOf({ values }: Arguments): EventFilter {
  const { from, to, patient, agent } = values;
  return { ...(from && { from }), ...(to && { to }), ...(patient && { patient }), ...(agent && { agent }) };
}

async function run(given: Arguments, terminal: Terminal): Promise<number> {
  const { format: formatName = 'ndjson', out: file } = given.values;
  const format = formats[formatName];
  if (!format) throw new UsageError(`--format is one of ${formatNames.join(', ')}`);
  const events = readEvents(apiAccess(given, process.env), filterOf(given));
  if (file === undefined) {
    await exportEvents(events, format, process.stdout);
    return 0;
  }
  // what it holds concerns patients
  const out = createWriteStream(file, { mode: 0o600 });
  const count = await exportEvents(events, format, out);
  out.end();
  await finished(out);
  terminal.print(`Wrote ${count.toLocaleString('en')} events to ${file}`);
  return 0;
}

export const auditExport: Command = {
  name: 'export',
  summary: 'Write audit events to a file or to standard output, the oldest first',
  options: {
    from: { value: '<date>', description: 'First day or instant, as 2026-11-01 or 2026-11-01T08:00:00Z' },
    to: { value: '<date>', description: 'Last day or instant, included' },
    patient: { value: '<id>', description: 'Only what concerns this Patient' },
    agent: { value: '<agent>', description: 'Only what this agent did' },
    format: { value: '<format>', description: `${formatNames.join(', ')} [ndjson]` },
    out: { value: '<file>', description: 'Where to write [standard output]' },
    ...apiOptions,
  },
  notes: [
    `Columns of csv: ${columns.join(', ')}.`,
    'A cell that a spreadsheet would take for a formula begins with an apostrophe. The export goes through',
    'the API and so is in the audit log itself.',
  ],
  run,
};
