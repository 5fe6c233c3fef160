/** Entries of a transaction that can be run, and refusals that name theirs. */
import { FhirError } from '../fhir/fhir-error.ts';
import type { Issue } from '../fhir/issue.ts';
import type { EntryRequest } from './bundle-entries.ts';
import type { Input } from './interaction.ts';

/** One entry that can be run: what `EntryRequest` is when it is not refused. */
export type RunnableEntry = Extract<EntryRequest, { readonly input: Input }>;

const writes: ReadonlySet<string> = new Set(['create', 'update', 'patch', 'delete']);

/** True for an entry that changes something. */
export function isWrite({ route }: RunnableEntry): boolean {
  return writes.has(route.interaction);
}

/** Runs `work` for an entry and makes its refusal name the entry. */
export async function forEntry<Value>(index: number, work: () => Value | Promise<Value>): Promise<Value> {
  try {
    return await work();
  } catch (cause) {
    if (!(cause instanceof FhirError)) throw cause;
    const at = `Bundle.entry[${index}]`;
    const issues = cause.issues.map((issue): Issue => ({
      ...issue,
      expression: [at, ...(issue.expression ?? []).filter((expression) => !expression.startsWith(at))],
    }));
    throw new FhirError(cause.status, issues, cause.headers);
  }
}
