/** `npm run bench`: measures Vesta, prints tables, leaves nothing running. See docs/performance.md. */
import { writeFileSync } from 'node:fs';
import { cleanUpOnSignals, createCleanup } from './cleanup.ts';
import { type Options, readOptions, usage, UsageError } from './options.ts';
import { checkSystem } from './processes.ts';
import { report, reportTables } from './report/report.ts';
import type { Results } from './results.ts';
import { run } from './run.ts';

const tell = (progress: string): void => console.error(`bench: ${progress}`);

function write(results: Results, { json, markdown }: Options): void {
  if (json !== undefined) writeFileSync(json, `${JSON.stringify(results, null, 2)}\n`);
  if (markdown !== undefined) writeFileSync(markdown, report(results));
  console.log(reportTables(results));
}

/** Errors under load make a run fail, though its figures are printed. */
function hasFailures({ contenders }: Results): boolean {
  return contenders.some(({ load }) => load.some(({ failures }) => Object.keys(failures).length > 0));
}

async function main(): Promise<number> {
  const options = readOptions(process.argv.slice(2));
  if (!options) {
    console.log(usage);
    return 0;
  }
  checkSystem();
  const cleanup = createCleanup();
  cleanUpOnSignals(cleanup);
  try {
    const results = await run({ options, cleanup, tell });
    write(results, options);
    return hasFailures(results) ? 1 : 0;
  } finally {
    await cleanup.run();
  }
}

try {
  process.exitCode = await main();
} catch (cause) {
  console.error(cause instanceof UsageError ? `${cause.message}\n\n${usage}` : (cause as Error).stack);
  process.exitCode = cause instanceof UsageError ? 2 : 1;
}
