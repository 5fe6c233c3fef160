/** Computing with facts that memory may lack: compute, load what was missing, compute again. See docs/adr/0009-compute-then-load.md. */
import type { Lookups } from '../ports.ts';

/** A profile leads to its base, to value sets, to code systems: each round loads one more step. More than these means that the definitions go in circles. */
const maximumRounds = 40;

/** The value of `compute` once nothing that it asks for can still be loaded. Costs nothing when all is in memory. */
export async function settled<Value>(lookups: Lookups, compute: () => Value): Promise<Value> {
  let value = compute();
  for (let round = 0; lookups.hasMisses && round < maximumRounds; round += 1) {
    if (!(await lookups.settle())) return value;
    value = compute();
  }
  return value;
}
