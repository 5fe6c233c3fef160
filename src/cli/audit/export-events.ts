/** Writes events to a stream, no faster than it takes them. */
import { once } from 'node:events';
import type { Writable } from 'node:stream';
import type { ExportFormat } from './formats.ts';
import type { AuditEvent } from './read-events.ts';

/** Resolves with the number of events once all is written; the stream stays open. */
export async function exportEvents(
  events: AsyncIterable<AuditEvent>,
  format: ExportFormat,
  out: Writable,
): Promise<number> {
  const write = async (text: string) => {
    if (text !== '' && !out.write(text)) await once(out, 'drain');
  };
  let count = 0;
  await write(format.head);
  for await (const event of events) {
    await write(format.event(event, count));
    count += 1;
  }
  await write(format.tail(count));
  return count;
}
