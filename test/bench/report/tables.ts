/** What was measured, as tables. */
import type { LoadResult } from '../measure.ts';
import type { ContenderResults, Results } from '../results.ts';
import type { Figure } from '../samples/figure.ts';
import { readable, readableAim, readableSpread, table } from './table.ts';

const failuresOf = ({ failures }: LoadResult): string =>
  Object.entries(failures)
    .map(([status, count]) => `${count} × ${status}`)
    .join(', ') || '0';

const loadHead = [
  'workload',
  'requests/s',
  'p50 ms',
  'p99 ms',
  'per',
  'node µs',
  'PostgreSQL µs',
  'together µs (rounds)',
  'aim',
  'errors',
];

function loadRow(result: LoadResult): readonly string[] {
  return [
    result.workload,
    readable(result.requestsPerSecond.median),
    readable(result.p50),
    readable(result.p99),
    result.per,
    readable(result.nodeCpu.median),
    readable(result.postgresCpu.median),
    readableSpread(result.totalCpu),
    readableAim(result.aim, result.totalCpu),
    failuresOf(result),
  ];
}

function figureRow({ name, unit, value, aim }: Figure): readonly string[] {
  const shown = unit === 'count' ? '' : unit;
  return [name, readableSpread(value), shown, readableAim(aim, value)];
}

function diskTable(load: readonly LoadResult[]): readonly string[] {
  const stored = load.filter(({ diskPerResource }) => diskPerResource !== undefined);
  if (stored.length === 0) return [];
  const rows = stored.map(({ workload, diskPerResource = 0 }) => [workload, readable(diskPerResource)]);
  return [table(['tables, indexes and audit on disk', 'bytes per resource'], rows)];
}

/** The tables of one version. */
export function contenderTables({ load, figures }: ContenderResults): readonly string[] {
  return [
    ...(load.length > 0 ? [table(loadHead, load.map(loadRow))] : []),
    ...diskTable(load),
    ...(figures.length > 0 ? [table(['figure', 'value (rounds)', 'unit', 'aim'], figures.map(figureRow))] : []),
  ];
}

const ratio = (one: number, other: number): string => `${readable(one / other)} ×`;

function loadRatios(one: ContenderResults, other: ContenderResults): readonly (readonly string[])[] {
  return one.load.flatMap((result) => {
    const against = other.load.find(({ workload }) => workload === result.workload);
    if (!against) return [];
    return [
      [
        result.workload,
        ratio(result.requestsPerSecond.median, against.requestsPerSecond.median),
        ratio(result.p99, against.p99),
        ratio(result.nodeCpu.median, against.nodeCpu.median),
        ratio(result.postgresCpu.median, against.postgresCpu.median),
        ratio(result.totalCpu.median, against.totalCpu.median),
      ],
    ];
  });
}

function figureRatios(one: ContenderResults, other: ContenderResults): readonly (readonly string[])[] {
  return one.figures.flatMap(({ name, value }) => {
    const against = other.figures.find((figure) => figure.name === name);
    return against ? [[name, ratio(value.median, against.value.median)]] : [];
  });
}

/** The first version divided by the second; nothing when there is only one. */
export function ratioTables({ contenders: [one, other] }: Results): readonly string[] {
  if (!one || !other) return [];
  const title = `${one.name} ÷ ${other.name}`;
  const load = loadRatios(one, other);
  const figures = figureRatios(one, other);
  return [
    ...(load.length > 0 ? [table([title, 'requests/s', 'p99', 'node', 'PostgreSQL', 'together'], load)] : []),
    ...(figures.length > 0 ? [table([title, 'ratio'], figures)] : []),
  ];
}
