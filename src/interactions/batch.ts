/** FHIR batch and transaction: POST of a Bundle to the base. https://hl7.org/fhir/R4/http.html#transaction */
import { bundleText, type BundleEntry } from '../fhir/bundle.ts';
import { invalid } from '../fhir/fhir-error.ts';
import { type EntryRequest, phases, readEntries } from './bundle-entries.ts';
import type { Context, Interaction, Result } from './interaction.ts';
import { perform } from './perform.ts';
import { receiveDocument } from './receive.ts';
import { toFailureEntry, toResponseEntry } from './response-entry.ts';
import { transaction } from './transaction.ts';

/** Entries of a batch that are under way at once: enough for their writes to share commits. */
const concurrentEntries = 32;

async function performEntry(entry: EntryRequest, context: Context): Promise<BundleEntry> {
  try {
    if (entry.refusal) throw entry.refusal;
    const result = await perform(entry.input, entry.route.run, context, context);
    return toResponseEntry(result, context.settings.baseUrl);
  } catch (cause) {
    return toFailureEntry(cause);
  }
}

/** Runs the entries of one phase, some at a time. Batch entries must not depend on each other, so their order within a phase is free. */
async function runPhase(
  entries: readonly EntryRequest[],
  answer: (entry: EntryRequest) => Promise<void>,
): Promise<void> {
  const waiting = entries.values();
  const worker = async (): Promise<void> => {
    for (const entry of waiting) await answer(entry);
  };
  await Promise.all(Array.from({ length: Math.min(concurrentEntries, entries.length) }, worker));
}

async function runBatch(entries: readonly EntryRequest[], context: Context): Promise<Result> {
  const answers: BundleEntry[] = [];
  for (const phase of phases) {
    const ofPhase = entries.filter((entry) => entry.phase === phase);
    await runPhase(ofPhase, async (entry) => {
      answers[entry.index] = await performEntry(entry, context);
    });
  }
  return { status: 200, interaction: 'batch', text: bundleText({ type: 'batch-response', entries: answers }) };
}

export const batch: Interaction = async (input, context) => {
  const bundle = receiveDocument(input);
  const { resourceType, type } = bundle.resource;
  if (resourceType !== 'Bundle') throw invalid('Only a Bundle can be posted to the base', 'resourceType');
  if (type !== 'batch' && type !== 'transaction') {
    throw invalid('The Bundle must be of type batch or transaction', 'Bundle.type');
  }
  const entries = await readEntries(bundle, input, context);
  return type === 'batch' ? runBatch(entries, context) : transaction(entries, bundle.resource, context);
};
