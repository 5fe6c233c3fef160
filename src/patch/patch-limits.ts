/** What a patch may cost at most: a small patch must not be able to make a huge resource or to keep the server busy. */
import { tooLarge } from '../fhir/fhir-error.ts';

/** Every operation may cost a walk over a long list. */
export const maximumOperations = 1000;
/** Values that a patch may copy or visit: about half a second, and ten walks over a resource of 50 000 values. */
const maximumWork = 500_000;

/** Counts work; throws 413 when it is more than any honest patch needs. */
export class WorkBudget {
  #left = maximumWork;

  readonly spend = (amount: number): void => {
    this.#left -= amount;
    if (this.#left < 0) throw tooLarge('The patch asks for too much work; send the whole resource instead');
  };
}

/** Refuses (413) patches with too many operations. */
export function checkOperationCount(count: number): void {
  if (count > maximumOperations) throw tooLarge(`A patch has at most ${maximumOperations} operations`);
}
