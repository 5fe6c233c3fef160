/** All workloads that are measured over HTTP. */
import { create } from './create.ts';
import { read } from './read.ts';
import { search, searches } from './search.ts';
import { transaction } from './transaction.ts';
import { update } from './update.ts';
import type { Workload } from './workload.ts';

/** In the order in which they run: what fills the database comes after what asks it. */
export const workloads: readonly Workload[] = [read, search, ...searches, update, create, transaction];

/** Throws for a name that is not in the table. */
export function workloadNamed(name: string): Workload {
  const found = workloads.find((workload) => workload.name === name);
  if (!found) throw new Error(`There is no workload ${name}`);
  return found;
}
