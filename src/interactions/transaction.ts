/** FHIR transaction: all entries or none. https://hl7.org/fhir/R4/http.html#trules */
import { bundleText, type BundleEntry } from '../fhir/bundle.ts';
import { FhirError } from '../fhir/fhir-error.ts';
import { type Issue, isError } from '../fhir/issue.ts';
import type { Resource } from '../fhir/resource.ts';
import type { ChangeResult } from '../ports.ts';
import type { EntryRequest } from './bundle-entries.ts';
import { conditionalReferences, resolveReferences } from './entry-references.ts';
import { type EntryTarget, findTargets, lockNames, refuseDuplicates } from './entry-targets.ts';
import { forEntry, isWrite, type RunnableEntry } from './entry.ts';
import type { AuditedChange, Context, Result } from './interaction.ts';
import { patchChange } from './patch.ts';
import { perform, permit } from './perform.ts';
import { creation } from './create.ts';
import { deleted, deletion } from './delete.ts';
import { toResponseEntry } from './response-entry.ts';
import { writtenIntegerIssues } from '../validation/written-integers.ts';
import { settled } from './settled.ts';
import { replacement } from './update.ts';
import { written, writtenChange } from './written.ts';

const maximumIssues = 100;

async function runnable(entries: readonly EntryRequest[], context: Context): Promise<readonly RunnableEntry[]> {
  for (const entry of entries) {
    await forEntry(entry.index, () => {
      if (entry.refusal) throw entry.refusal;
      permit(entry.input, context.access);
    });
  }
  return entries as readonly RunnableEntry[];
}

function resourceIssues(entries: readonly RunnableEntry[], bundle: Resource, context: Context): readonly Issue[] {
  const issues: Issue[] = [];
  for (const { index, input, route } of entries) {
    const { document } = input;
    const at = `Bundle.entry[${index}].resource`;
    const needsResource = ['create', 'update'].includes(route.interaction);
    if (!document) {
      if (needsResource)
        issues.push({
          severity: 'error',
          code: 'required',
          diagnostics: 'This entry needs a resource',
          expression: [at],
        });
      continue;
    }
    if (needsResource && document.resource.resourceType !== input.type) {
      const diagnostics = 'The resource must be of the type that the URL of its entry names';
      issues.push({ severity: 'error', code: 'invalid', diagnostics, expression: [at] });
    }
    issues.push(...context.validate(document.resource, { path: at, bundle }));
    issues.push(...writtenIntegerIssues(document.text, document.resource, context.definitions.elements, at));
    if (issues.length >= maximumIssues) break;
  }
  return issues;
}

async function checkResources(entries: readonly RunnableEntry[], bundle: Resource, context: Context): Promise<void> {
  const issues = await settled(context.library, () => resourceIssues(entries, bundle, context));
  if (issues.some(isError)) throw new FhirError(422, issues.slice(0, maximumIssues));
}

async function toChange(
  entry: RunnableEntry,
  target: EntryTarget,
  context: Context,
): Promise<AuditedChange | undefined> {
  const { type, id } = target;
  const { conditions, document } = entry.input;
  if (target.existing || target.isRepeated || id === undefined) return undefined;
  if (entry.route.interaction === 'delete') return deletion({ type, id, conditions });
  if (entry.route.interaction === 'patch') return patchChange({ ...entry.input, id }, { type, id }, context);
  if (!document) throw new Error('This entry was checked to have a resource');
  if (target.isNew) return creation(type, document, context, id);
  return replacement({ type, id, conditions }, document, context);
}

function toAnswer(entry: RunnableEntry, target: EntryTarget, result: ChangeResult | undefined): Result {
  const { prefer } = entry.input;
  if (target.existing) return written(200, target.existing, prefer);
  if (target.isRepeated && result) return written(200, result, prefer);
  if (entry.route.interaction === 'delete') return deleted(result);
  return writtenChange(result, prefer);
}

interface PlannedEntry {
  readonly entry: RunnableEntry;
  readonly target: EntryTarget;
  readonly change: AuditedChange | undefined;
}

/** Writes what the entries change; a change that is refused is told as its entry's refusal. */
async function writePlanned(planned: readonly PlannedEntry[], context: Context): Promise<readonly ChangeResult[]> {
  const writing = planned.flatMap(({ entry, change }) => (change ? [{ index: entry.index, change }] : []));
  if (writing.length === 0) return [];
  try {
    return await context.write(writing.map(({ change }) => change));
  } catch (cause) {
    const refused = cause instanceof FhirError && cause.position !== undefined ? writing[cause.position] : undefined;
    if (!refused) throw cause;
    return forEntry(refused.index, () => {
      throw cause;
    });
  }
}

async function writeEntries(
  entries: readonly RunnableEntry[],
  context: Context,
): Promise<readonly { index: number; entry: BundleEntry }[]> {
  const targets = await findTargets(entries, context);
  refuseDuplicates(entries, targets);
  const resolved = await resolveReferences(entries, targets, context);
  const planned: PlannedEntry[] = [];
  for (const [position, entry] of resolved.entries()) {
    const target = targets[position];
    if (!target) throw new Error('Every entry has a target');
    planned.push({ entry, target, change: await forEntry(entry.index, () => toChange(entry, target, context)) });
  }
  const results = await writePlanned(planned, context);
  const byIdentity = new Map(results.map((result) => [`${result.type}/${result.id}`, result]));
  return planned.map(({ entry, target }) => ({
    index: entry.index,
    entry: toResponseEntry(
      toAnswer(entry, target, byIdentity.get(`${target.type}/${target.id}`)),
      context.settings.baseUrl,
    ),
  }));
}

async function execute(entries: readonly RunnableEntry[], context: Context): Promise<Result> {
  const answers: BundleEntry[] = [];
  for (const { index, entry } of await writeEntries(entries.filter(isWrite), context)) answers[index] = entry;
  for (const entry of entries.filter((one) => !isWrite(one))) {
    const result = await forEntry(entry.index, () => perform(entry.input, entry.route.run, context, context));
    answers[entry.index] = toResponseEntry(result, context.settings.baseUrl);
  }
  return { status: 200, text: bundleText({ type: 'transaction-response', entries: answers }) };
}

/** Checks everything that can be checked without the database, then runs all entries in one transaction of it. */
export async function transaction(
  requests: readonly EntryRequest[],
  bundle: Resource,
  context: Context,
): Promise<Result> {
  const entries = await runnable(requests, context);
  await checkResources(entries, bundle, context);
  const locks = lockNames(entries);
  const readsFirst = entries.some(
    ({ route, input }) => route.interaction === 'patch' || conditionalReferences(input, context).length > 0,
  );
  const readsToo = entries.some((entry) => !isWrite(entry));
  if (locks.length === 0 && !readsFirst && !readsToo) return execute(entries, context);
  return context.transaction(locks, (inside) => execute(entries, inside));
}
