/** Validates an NDJSON file on several threads, in a process that does nothing else. Plain JavaScript: translating while it runs would be measured too. */
import { createReadStream, statSync } from 'node:fs';
import path from 'node:path';
import { performance } from 'node:perf_hooks';
import { pathToFileURL } from 'node:url';

const [directory = '', file = '', threads = '2'] = process.argv.slice(2);
const { validateStream } = await import(pathToFileURL(path.join(directory, 'dist/bulk/validate-stream.js')).href);

const before = process.cpuUsage();
const start = performance.now();
const { resources, invalid } = await validateStream(createReadStream(file, { highWaterMark: 1 << 20 }), {
  schemas: path.join(directory, 'schemas/r4'),
  request: {},
  conformance: [],
  threads: Number(threads),
  tell: () => {},
});
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
