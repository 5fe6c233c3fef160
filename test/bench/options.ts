/** The command line of the benchmark. */
import { parseArgs } from 'node:util';
import { workloads } from './workloads/index.ts';

/** What is measured otherwise than by requests. */
export const samples = ['validate', 'start', 'memory'] as const;
export type SampleName = (typeof samples)[number];

export interface Options {
  readonly workloads: readonly string[];
  readonly samples: readonly SampleName[];
  readonly seconds: number;
  readonly warmUpSeconds: number;
  readonly rounds: number;
  readonly connections: number;
  readonly patients: number;
  /** A git reference to measure beside the working tree. */
  readonly compare?: string;
  readonly json?: string;
  readonly markdown?: string;
  readonly build: 'build' | 'as built';
}

/** Thrown for a command line that makes no sense. */
export class UsageError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'UsageError';
  }
}

const singleSearch = /^search:/;
const allNames = workloads.map(({ name }) => name);
const usualNames = [...allNames.filter((name) => !singleSearch.test(name)), ...samples];

export const usage = `Usage: npm run bench -- [options] [workload …]

Measures a freshly started Vesta: requests per second, latency, and the CPU time of node and PostgreSQL per request.

Workloads (${usualNames.join(' ')} unless named):
  ${[...allNames, ...samples].join(' ')}
  search:all stands for each of the searches by itself

Options:
  --seconds <n>        Length of a round (10)
  --rounds <n>         Rounds of each workload (3)
  --warm-up <n>        Seconds of load before the first round (3)
  --connections <n>    Requests in flight (32; a transaction has fewer)
  --patients <n>       Patients to seed, with twelve resources each (2000)
  --compare <git ref>  Measure that version too, in turns with this one
  --json <file>        Write all figures as JSON
  --markdown <file>    Write the report with the machine and the method
  --skip-build         Measure what dist/ holds
  --help`;

function wholeNumber(text: string, name: string): number {
  if (/^\d{1,6}$/.test(text) && Number(text) > 0) return Number(text);
  throw new UsageError(`--${name} must be a whole number above 0`);
}

function expand(names: readonly string[]): readonly string[] {
  const known = new Set([...allNames, ...samples]);
  const expanded = names.flatMap((name) =>
    name === 'search:all' ? allNames.filter((one) => singleSearch.test(one)) : name,
  );
  const unknown = expanded.find((name) => !known.has(name));
  if (unknown !== undefined) throw new UsageError(`There is no workload ${unknown}`);
  return expanded.length > 0 ? expanded : usualNames;
}

function parse(parameters: readonly string[]) {
  try {
    return parseArgs({
      args: [...parameters],
      allowPositionals: true,
      options: {
        seconds: { type: 'string', default: '10' },
        rounds: { type: 'string', default: '3' },
        'warm-up': { type: 'string', default: '3' },
        connections: { type: 'string', default: '32' },
        patients: { type: 'string', default: '2000' },
        compare: { type: 'string' },
        json: { type: 'string' },
        markdown: { type: 'string' },
        'skip-build': { type: 'boolean', default: false },
        help: { type: 'boolean', default: false },
      },
    });
  } catch (cause) {
    throw new UsageError((cause as Error).message);
  }
}

/** Reads the command line; undefined when it asks for help. Throws UsageError. */
export function readOptions(parameters: readonly string[]): Options | undefined {
  const { values, positionals } = parse(parameters);
  if (values.help) return undefined;
  const names = new Set(expand(positionals));
  return {
    workloads: allNames.filter((name) => names.has(name)),
    samples: samples.filter((name) => names.has(name)),
    seconds: wholeNumber(values.seconds, 'seconds'),
    warmUpSeconds: wholeNumber(values['warm-up'], 'warm-up'),
    rounds: wholeNumber(values.rounds, 'rounds'),
    connections: wholeNumber(values.connections, 'connections'),
    patients: wholeNumber(values.patients, 'patients'),
    ...(values.compare !== undefined && { compare: values.compare }),
    ...(values.json !== undefined && { json: values.json }),
    ...(values.markdown !== undefined && { markdown: values.markdown }),
    build: values['skip-build'] ? 'as built' : 'build',
  };
}
