/** References between the entries of a transaction, and conditional references, become literal ones. https://hl7.org/fhir/R4/bundle.html#references */
import { preconditionFailed } from '../fhir/fhir-error.ts';
import { baseOf } from '../fhir/reference.ts';
import { collectReferences, rewriteReferences } from '../json/rewrite-references.ts';
import { findMatch } from './conditional.ts';
import { forEntry, type RunnableEntry } from './entry.ts';
import type { EntryTarget } from './entry-targets.ts';
import type { Context, Input } from './interaction.ts';

const conditionalPattern = /^([A-Z][A-Za-z]+)\?(.+)$/;

/** The conditional references (`Practitioner?identifier=…`) of an entry's resource. https://hl7.org/fhir/R4/http.html#trules */
export function conditionalReferences({ document }: Input, { definitions }: Context): readonly string[] {
  if (!document?.text.includes('?')) return [];
  return collectReferences(document.resource, definitions.elements)
    .filter(({ uri, use }) => use === 'reference' && conditionalPattern.test(uri))
    .map(({ uri }) => uri);
}

/** Finds the one resource that a conditional reference means, once per Bundle for each. */
async function findReferenced(
  entries: readonly RunnableEntry[],
  context: Context,
): Promise<ReadonlyMap<string, string>> {
  const found = new Map<string, string>();
  for (const { index, input } of entries) {
    for (const uri of conditionalReferences(input, context)) {
      if (found.has(uri)) continue;
      const [, type = '', criteria = ''] = conditionalPattern.exec(uri) ?? [];
      const match = await forEntry(index, () => findMatch(type, criteria, context));
      await forEntry(index, () => {
        if (!match) throw preconditionFailed(`A conditional reference matches no ${type}`, 'not-found');
      });
      if (match) found.set(uri, `${type}/${match.id}`);
    }
  }
  return found;
}

function localReferences(
  entries: readonly RunnableEntry[],
  targets: readonly EntryTarget[],
): ReadonlyMap<string, string> {
  const local = new Map<string, string>();
  for (const [position, { fullUrl }] of entries.entries()) {
    const target = targets[position];
    if (fullUrl !== undefined && target?.id !== undefined) local.set(fullUrl, `${target.type}/${target.id}`);
  }
  return local;
}

/** The entries with their references resolved: fullUrls of the Bundle, relative ones against the entry's own base, conditional ones by search. Foreign references stay as they are. */
export async function resolveReferences(
  entries: readonly RunnableEntry[],
  targets: readonly EntryTarget[],
  context: Context,
): Promise<readonly RunnableEntry[]> {
  const local = localReferences(entries, targets);
  const conditional = await findReferenced(entries, context);
  if (local.size === 0 && conditional.size === 0) return entries;
  return entries.map((entry) => {
    const { document } = entry.input;
    if (!document) return entry;
    const base = entry.fullUrl === undefined ? undefined : baseOf(entry.fullUrl);
    const rewritten = rewriteReferences(document, context.definitions.elements, (uri, use) => {
      const literal = local.get(uri) ?? (base === undefined ? undefined : local.get(`${base}/${uri}`));
      return literal ?? (use === 'reference' ? conditional.get(uri) : undefined);
    });
    return rewritten === document ? entry : { ...entry, input: { ...entry.input, document: rewritten } };
  });
}
