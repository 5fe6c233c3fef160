/** Validates an NDJSON file on several threads, in a process that does nothing else. Plain JavaScript: translating while it runs would be measured too. */
import { createReadStream } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { tellMeasured } from './tell.mjs';

const [directory = '', file = '', threads = '2'] = process.argv.slice(2);
const { validateStream } = await import(pathToFileURL(path.join(directory, 'dist/bulk/validate-stream.js')).href);

await tellMeasured(file, () =>
  validateStream(createReadStream(file, { highWaterMark: 1 << 20 }), {
    schemas: path.join(directory, 'schemas/r4'),
    request: {},
    conformance: [],
    threads: Number(threads),
    tell: () => {},
  }),
);
