/** Reads, parses and validates an NDJSON file on one thread, in a process that does nothing else. Plain JavaScript: translating while it runs would be measured too. */
import { createReadStream } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { tellMeasured } from './tell.mjs';

const [directory = '', file = ''] = process.argv.slice(2);
const load = (name) => import(pathToFileURL(path.join(directory, 'dist', name)).href);
const { createBundledValidator } = await load('bulk/bundled-validator.js');
const { lineChunks } = await load('bulk/line-chunks.js');
const { validateLines } = await load('bulk/validate-lines.js');
const validate = createBundledValidator(path.join(directory, 'schemas/r4'));

await tellMeasured(file, async () => {
  let [resources, invalid] = [0, 0];
  for await (const chunk of lineChunks(createReadStream(file, { highWaterMark: 1 << 20 }))) {
    const report = validateLines(chunk, validate, {});
    resources += report.resources;
    invalid += report.invalid;
  }
  return { resources, invalid };
});
