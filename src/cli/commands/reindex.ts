/** `vesta reindex`: indexes every resource anew, and shows how far it has come. */
import { apiAccess, apiOptions } from '../api-access.ts';
import type { Arguments, Command, Terminal } from '../command.ts';
import { askApi } from '../ask-api.ts';

const pollMs = 1_000;

interface Parameter {
  readonly name: string;
  readonly valueCode?: string;
  readonly valueInteger?: number;
  readonly part?: readonly Parameter[];
}

interface Progress {
  readonly status: string;
  readonly done: number;
  readonly total: number;
  readonly parameters: readonly string[];
}

function readProgress(text: string): Progress {
  const { parameter = [] } = JSON.parse(text) as { parameter?: readonly Parameter[] };
  const find = (name: string, among = parameter) => among.find((one) => one.name === name);
  return {
    status: find('status')?.valueCode ?? 'unknown',
    done: find('done')?.valueInteger ?? 0,
    total: find('total')?.valueInteger ?? 0,
    parameters: parameter.flatMap(({ name, part = [] }) =>
      name === 'parameter' ? [`${find('code', part)?.valueCode}: ${find('status', part)?.valueCode}`] : [],
    ),
  };
}

const width = 30;

function bar({ status, done, total }: Progress): string {
  if (status === 'complete') return 'Every resource is indexed';
  const share = total === 0 ? 1 : done / total;
  const filled = Math.round(share * width);
  return `[${'#'.repeat(filled)}${'.'.repeat(width - filled)}] ${done} of ${total} resources`;
}

const pause = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds));

async function run(given: Arguments, terminal: Terminal): Promise<number> {
  const access = apiAccess(given, process.env);
  const isQuestion = given.switches.has('status');
  let progress = readProgress(await askApi(access, isQuestion ? 'GET' : 'POST', '$reindex'));
  let shown = '';
  for (;;) {
    const line = bar(progress);
    if (line !== shown) terminal.print(line);
    shown = line;
    if (isQuestion || progress.status === 'complete') break;
    await pause(pollMs);
    progress = readProgress(await askApi(access, 'GET', '$reindex'));
  }
  for (const parameter of progress.parameters) terminal.print(parameter);
  return 0;
}

export const reindex: Command = {
  name: 'reindex',
  summary: 'Index every resource anew while the server runs, and show how far it has come',
  options: { ...apiOptions, status: { description: 'Only tell how far it has come' } },
  notes: ['Searches that need what is not indexed yet are refused meanwhile, with the progress.'],
  run,
};
