/** The report of a run: tables, the machine, and how it was measured. */
import { ticksPerSecond } from '../processes.ts';
import type { Results } from '../results.ts';
import { workloadNamed } from '../workloads/index.ts';
import { readable } from './table.ts';
import { contenderTables, ratioTables } from './tables.ts';

/** All tables, of each version under its name when there are two. */
export function reportTables(results: Results): string {
  const { contenders } = results;
  const ofEach = contenders.flatMap((contender) => [
    ...(contenders.length > 1 ? [`### ${contender.name}`] : []),
    ...contenderTables(contender),
  ]);
  return [...ofEach, ...ratioTables(results)].join('\n\n');
}

function machineLines({ machine }: Results): readonly string[] {
  const { postgres } = machine;
  const settings = Object.entries(postgres?.settings ?? {}).map(([name, value]) => `${name} = ${value}`);
  return [
    `- ${machine.cpu}, ${machine.cores} cores, ${readable(machine.memoryBytes / 1024 ** 3)} GB memory, ${machine.system}`,
    `- Node ${machine.node}`,
    ...(postgres ? [`- PostgreSQL ${postgres.version}, embedded: ${settings.join(', ')}`] : []),
  ];
}

function generatorLine({ contenders }: Results): string {
  const costs = contenders[0]?.load.map(({ workload, generatorCpu }) => `${workload} ${readable(generatorCpu)}`) ?? [];
  if (costs.length === 0) return '';
  return ` It shares the cores with the server; per request it took, in µs: ${costs.join(', ')}.`;
}

function methodLines(results: Results): readonly string[] {
  const { seconds, rounds, warmUpSeconds, connections, patients } = results.options;
  const tick = 1_000 / ticksPerSecond;
  return [
    `- Vesta runs as \`vesta start\` does by default, as a process of its own on an empty data directory: every middleware, authentication and the audit log on, embedded PostgreSQL with durable settings. Only the rate limits are off. Requests carry the admin token, which is checked like any other; an issued token costs one look-up in the database every five seconds more.`,
    `- Before measuring, ${readable(patients)} patients with a visit and ten vital signs each are stored by transactions, and then vacuumed and analysed, as autovacuum would do a minute later. The searches find something, which is checked before each workload.`,
    `- Load comes from a process of its own over keep-alive connections on bare sockets, one request in flight on each: ${connections}, or 4 for \`transaction\`.${generatorLine(results)}`,
    `- ${warmUpSeconds} s of warm-up, then ${rounds} rounds of ${seconds} s. Requests per second and CPU are the median of the rounds, with the lowest and highest in parentheses; latencies are those of all rounds together.`,
    `- CPU is user and system time from \`/proc/<pid>/stat\` before and after each round, for node with all its threads and for all processes of PostgreSQL, background writers and vacuum included, divided by the requests (for \`transaction\`, the resources) that succeeded. The kernel counts it in ticks of ${readable(tick)} ms.`,
    `- A request counts only if its status is the expected one; all else is an error and never throughput.`,
  ];
}

const workloadLines = ({ options }: Results): readonly string[] =>
  options.workloads.map((name) => `- \`${name}\`: ${workloadNamed(name).description}`);

/** The whole report in Markdown. */
export function report(results: Results): string {
  const sections = [
    `Measured on ${results.date.slice(0, 10)}.`,
    reportTables(results),
    '### Machine',
    machineLines(results).join('\n'),
    '### Workloads',
    workloadLines(results).join('\n'),
    '### Method',
    methodLines(results).join('\n'),
  ];
  return `${sections.join('\n\n')}\n`;
}
