/** `vesta validate`: checks files of resources without a server or a database. https://hl7.org/fhir/R4/validation.html */
import { createReadStream } from 'node:fs';
import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import { createBundledValidator } from '../../bulk/bundled-validator.ts';
import type { Issue } from '../../fhir/issue.ts';
import { type StreamTotals, validateStream } from '../../bulk/validate-stream.ts';
import type { LineIssues } from '../../bulk/validate-lines.ts';
import { type Arguments, type Command, countOf, type Terminal, UsageError } from '../command.ts';
import { findFiles, type SourceFile } from '../load/find-files.ts';
import { count } from '../load/progress.ts';
import { readGuides } from '../validate/read-guides.ts';
import { validateFile } from '../validate/validate-file.ts';

const schemas = fileURLToPath(new URL('../../../schemas/r4', import.meta.url));
const maximumTold = 1_000;

/** Line and column of an issue, or the line of its resource in NDJSON. */
function placeOf({ path }: SourceFile, { extension = [] }: Issue, line: number | undefined): string {
  const numbers = line === undefined ? extension.map(({ valueInteger }) => valueInteger) : [line];
  return [path, ...numbers].join(':');
}

/** Prints issues as `file:line:column: severity expression: what`, the form that editors jump to; after a thousand it only counts. */
function createTeller(terminal: Terminal) {
  let told = 0;
  return (file: SourceFile, issues: readonly Issue[], line?: number): void => {
    for (const issue of issues) {
      const { severity, expression = [], diagnostics } = issue;
      told += 1;
      if (told <= maximumTold) {
        terminal.print(`${placeOf(file, issue, line)}: ${severity} ${expression.join(', ')}: ${diagnostics}`);
      }
      if (told === maximumTold + 1) terminal.print(`More than ${count(maximumTold)} issues: the rest is counted`);
    }
  };
}

async function run(given: Arguments, terminal: Terminal): Promise<number> {
  if (given.positionals.length === 0) throw new UsageError('Name the files or folders to validate');
  const files = findFiles(given.positionals);
  if (files.length === 0) throw new UsageError('There are no .json, .ndjson or .jsonl files');
  const profile = given.values['profile'];
  const request = {
    level: given.switches.has('warnings') ? 'warning' : 'error',
    ...(profile !== undefined && { profiles: [profile] }),
  } as const;
  const guide = given.values['guide'];
  const conformance =
    guide === undefined ? [] : await readGuides(guide.split(','), (sentence) => terminal.complain(sentence));
  const threads = countOf(given, 'threads', availableParallelism());
  const tell = createTeller(terminal);
  const started = performance.now();
  const totals: StreamTotals[] = [];
  const validateOne = createBundledValidator(schemas, conformance);
  for (const file of files) {
    if (file.format === 'json') {
      totals.push(validateFile(file.path, validateOne, request, (issues) => tell(file, issues)));
      continue;
    }
    const stream = createReadStream(file.path, { highWaterMark: 1 << 20 });
    const options = { schemas, request, conformance, threads };
    const told = { tell: ({ line, issues }: LineIssues) => tell(file, issues, line) };
    totals.push(await validateStream(stream, { ...options, ...told }));
  }
  return summarise(totals, performance.now() - started, terminal);
}

function summarise(totals: readonly StreamTotals[], milliseconds: number, terminal: Terminal): number {
  const sum = (name: keyof StreamTotals): number => totals.reduce((total, one) => total + one[name], 0);
  const [resources, invalid, bytes] = [sum('resources'), sum('invalid'), sum('bytes')];
  const speed = (bytes / 1_000 / milliseconds).toFixed(0);
  const seconds = (milliseconds / 1_000).toFixed(1);
  terminal.print(`${count(resources)} resources in ${seconds} s (${speed} MB/s), ${count(invalid)} of them invalid`);
  return invalid > 0 ? 1 : 0;
}

export const validate: Command = {
  name: 'validate',
  summary: 'Check files of FHIR resources against R4 and profiles, without a server',
  positionals: '<files or folders…>',
  options: {
    profile: { value: '<url>', description: 'A profile that every resource must satisfy' },
    guide: { value: '<package.tgz,…>', description: 'Packages of implementation guides whose profiles are known' },
    warnings: { description: 'Also tell what should be otherwise' },
    threads: { value: '<n>', description: 'Threads to work with [as many as the machine has]' },
  },
  notes: ['Exit code 1 when a resource is invalid. NDJSON is read in bounded memory, .json files whole.'],
  run,
};
