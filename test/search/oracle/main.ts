/** `npx tsx test/search/oracle/main.ts --source <folder>`: random searches over files of one's own, or over all official examples, each compared with what it means. */
import { isDeepStrictEqual, parseArgs } from 'node:util';
import fc from 'fast-check';
import setUp from '../../support/global-setup.ts';
import tearDown from '../../support/global-teardown.ts';
import { readExamples } from '../examples/example-store.ts';
import { readBundles } from './bundles.ts';
import { type Comparison, createOracle, type Oracle } from './oracle.ts';

const usage = `Usage: npx tsx test/search/oracle/main.ts [options]

  --source <folder>  Bundles and resources as JSON; without it, all official examples of R4
  --limit <n>        About so many of their resources (5000)
  --rounds <n>       How often each parameter is asked by itself (10)
  --runs <n>         Searches at random (2000)
  --seed <n>         The seed that an earlier run printed
  --help`;

const tell = (text: string): boolean => process.stdout.write(`${text}\n`);

const { values: options } = parseArgs({
  options: {
    source: { type: 'string' },
    limit: { type: 'string', default: '5000' },
    rounds: { type: 'string', default: '10' },
    runs: { type: 'string', default: '2000' },
    seed: { type: 'string' },
    help: { type: 'boolean' },
  },
});

/** What is missing, what is too much, and what else is wrong. */
function differenceOf({ asked, expected, found }: Comparison): string {
  const without = (some: readonly string[], others: readonly string[]) => some.filter((one) => !others.includes(one));
  const missing = without(expected.keys, found.keys);
  const excess = without(found.keys, expected.keys);
  const isReturning = isDeepStrictEqual(found.backward, expected.backward);
  const { disorder } = found;
  const totals = [expected.total, found.total];
  return `${asked}\n${JSON.stringify({ missing, excess, isReturning, totals, disorder })}`;
}

/** True when every parameter by itself finds what it means. */
async function sweep(oracle: Oracle): Promise<boolean> {
  let faults = 0;
  for await (const comparison of oracle.sweep(Number(options.rounds))) {
    if (isDeepStrictEqual(comparison.found, comparison.expected)) continue;
    faults += 1;
    tell(differenceOf(comparison));
  }
  return faults === 0;
}

/** The simplest search that finds something else than it means, if any does. */
async function search(oracle: Oracle): Promise<boolean> {
  const numbers = fc.array(fc.nat(100_000), { minLength: 60, maxLength: 60 });
  const property = fc.asyncProperty(numbers, async (chosen) => {
    const comparison = await oracle.compare(chosen);
    if (!comparison || isDeepStrictEqual(comparison.found, comparison.expected)) return;
    throw new Error(differenceOf(comparison));
  });
  const parameters = {
    numRuns: Number(options.runs),
    ...(options.seed !== undefined && { seed: Number(options.seed) }),
  };
  const result = await fc.check(property, parameters);
  tell(JSON.stringify(oracle.tally(), null, 1));
  if (result.failed) tell(`Seed ${result.seed}, after ${result.numRuns} searches: ${String(result.errorInstance)}`);
  return !result.failed;
}

async function main(): Promise<number> {
  const resources = options.source === undefined ? readExamples() : readBundles(options.source, Number(options.limit));
  tell(`${resources.length} resources`);
  await setUp();
  try {
    const oracle = await createOracle(resources);
    try {
      const areTrue = [await sweep(oracle), await search(oracle)];
      return areTrue.every(Boolean) ? 0 : 1;
    } finally {
      await oracle.close();
    }
  } finally {
    await tearDown();
  }
}

if (options.help) tell(usage);
else process.exitCode = await main();
