/** The process that makes the load, so that its work is in no other's account. Takes one order at a time and ends with the process that started it. */
import { createRandom } from '../records/random.ts';
import { workloadNamed } from '../workloads/index.ts';
import { generateLoad, type LoadReport } from './generate-load.ts';
import { type LoadOrder, requestText } from './load-order.ts';

export type LoadAnswer = { readonly report: LoadReport } | { readonly error: string };

async function carryOut({ workload: name, data, seed, api, connections, seconds }: LoadOrder): Promise<LoadAnswer> {
  try {
    const { expected, requests } = workloadNamed(name);
    const make = requests(data, createRandom(seed));
    const next = () => requestText(make(), api);
    return { report: await generateLoad({ target: api.target, connections, seconds, expected, next }) };
  } catch (cause) {
    return { error: String(cause) };
  }
}

process.on('message', (order: LoadOrder) => {
  void carryOut(order).then((answer) => process.send?.(answer));
});
// the measuring process stops this one when it is done with the servers too
process.on('SIGINT', () => undefined);
process.on('disconnect', () => process.exit());
