/** `vesta load`: stores files of FHIR resources through the API. */
import path from 'node:path';
import { readClientSettings } from '../../config.ts';
import { apiAccess, apiOptions } from '../api-access.ts';
import { type Arguments, type Command, countOf, type Terminal, UsageError } from '../command.ts';
import { findFiles } from '../load/find-files.ts';
import { loadFiles, type LoadResult } from '../load/load-files.ts';
import { openLoadState } from '../load/load-state.ts';
import { count, createProgress, rate } from '../load/progress.ts';
import { createSend } from '../load/send.ts';

const defaultConcurrency = 4;

function summaryOf({ stored, failed, skipped }: LoadResult, milliseconds: number): string {
  const seconds = (milliseconds / 1_000).toFixed(1);
  const speed = rate(stored, milliseconds);
  return [
    `Stored ${count(stored)} resources in ${seconds} s (${speed} resources/s)`,
    ...(skipped > 0 ? [`${count(skipped)} files were stored before`] : []),
    `${count(failed)} failures`,
  ].join(', ');
}

async function run(given: Arguments, terminal: Terminal): Promise<number> {
  if (given.positionals.length === 0) throw new UsageError('Name the files or folders to load');
  const access = apiAccess(given, process.env);
  const concurrency = countOf(given, 'concurrency', defaultConcurrency);
  const { dataDirectory } = readClientSettings(process.env);
  const stateFile = given.values['state'] ?? path.join(dataDirectory, 'load-state.ndjson');
  const files = findFiles(given.positionals);
  if (files.length === 0) throw new UsageError('There are no .json, .ndjson or .jsonl files');
  const state = openLoadState(stateFile, { url: access.url, resume: given.switches.has('resume') });
  const totalBytes = files.reduce((sum, { bytes }) => sum + bytes, 0);
  const progress = createProgress({ terminal, screen: process.stdout, totalBytes, now: () => performance.now() });
  const started = performance.now();
  try {
    const result = await loadFiles(files, { send: createSend(access), state, concurrency, listener: progress });
    progress.end();
    terminal.print(summaryOf(result, performance.now() - started));
    if (result.failed > 0) terminal.complain('Run the same with --resume to send only what is missing');
    return result.failed > 0 ? 1 : 0;
  } finally {
    progress.end();
  }
}

export const load: Command = {
  name: 'load',
  summary: 'Store files of FHIR resources: transaction and batch Bundles, single resources, NDJSON',
  positionals: '<files or folders…>',
  options: {
    ...apiOptions,
    concurrency: {
      value: '<n>',
      description: `Requests at once for single resources and NDJSON [${defaultConcurrency}]`,
    },
    resume: { description: 'Leave out what the last run stored' },
    state: { value: '<file>', description: 'Where it is kept what was stored [<data directory>/load-state.ndjson]' },
  },
  notes: [
    'Files go in the order of their names (9 before 10), a Bundle only after everything before it.',
    'A resource with an id is put there, one without gets one. A batch Bundle of which a part failed',
    'is sent whole again by --resume.',
  ],
  run,
};
