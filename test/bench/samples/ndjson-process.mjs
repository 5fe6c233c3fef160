/** Reads, parses and validates an NDJSON file on one thread, in a process that does nothing else. Plain JavaScript: translating while it runs would be measured too. */
import { createReadStream, statSync } from 'node:fs';
import path from 'node:path';
import { performance } from 'node:perf_hooks';
import { pathToFileURL } from 'node:url';

const [directory = '', file = ''] = process.argv.slice(2);
const load = (name) => import(pathToFileURL(path.join(directory, 'dist', name)).href);
const { createBundledValidator } = await load('bulk/bundled-validator.js');
const { lineChunks } = await load('bulk/line-chunks.js');
const { validateLines } = await load('bulk/validate-lines.js');
const validate = createBundledValidator(path.join(directory, 'schemas/r4'));

let [resources, invalid] = [0, 0];
const before = process.cpuUsage();
const start = performance.now();
for await (const chunk of lineChunks(createReadStream(file, { highWaterMark: 1 << 20 }))) {
  const report = validateLines(chunk, validate, {});
  resources += report.resources;
  invalid += report.invalid;
}
const milliseconds = performance.now() - start;
const { user, system } = process.cpuUsage(before);

// `ndjson.ts` starts this file and waits for its one message
process.send?.({
  resources,
  invalid,
  milliseconds,
  cpuMicroseconds: user + system,
  bytes: statSync(file).size,
  peak: process.resourceUsage().maxRSS * 1_024,
});
process.disconnect();
