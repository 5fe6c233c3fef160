/** References between the entries of a transaction, and conditional references, become literal ones. https://hl7.org/fhir/R4/bundle.html#references */
import { preconditionFailed } from '../fhir/fhir-error.ts';
import { baseOf } from '../fhir/reference.ts';
import { collectReferences, rewriteReferences } from '../json/rewrite-references.ts';
import { findMatch } from './conditional.ts';
import { creation } from './create.ts';
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

/** Where a conditional reference stands, for the refusal. */
interface Wanted {
  readonly uri: string;
  readonly index: number;
}

function wantedReferences(entries: readonly RunnableEntry[], context: Context): readonly Wanted[] {
  const wanted = new Map<string, Wanted>();
  for (const { index, input } of entries) {
    for (const uri of conditionalReferences(input, context)) if (!wanted.has(uri)) wanted.set(uri, { uri, index });
  }
  return [...wanted.values()];
}

function splitReference(uri: string): { readonly type: string; readonly criteria: string } {
  const [, type = '', criteria = ''] = conditionalPattern.exec(uri) ?? [];
  return { type, criteria };
}

/** What each reference matches, `Type/id`; those that match nothing are left out. */
async function findMatches(wanted: readonly Wanted[], context: Context): Promise<Map<string, string>> {
  const found = new Map<string, string>();
  for (const { uri, index } of wanted) {
    const { type, criteria } = splitReference(uri);
    const match = await forEntry(index, () => findMatch(type, criteria, context));
    if (match) found.set(uri, `${type}/${match.id}`);
  }
  return found;
}

/** The resources of these types that the Bundle itself makes. */
function creationsOf(
  entries: readonly RunnableEntry[],
  targets: readonly EntryTarget[],
  types: ReadonlySet<string>,
  context: Context,
) {
  return entries.flatMap(({ input }, position) => {
    const { type, id, isNew, isRepeated } = targets[position] ?? { type: '' };
    if (!isNew || isRepeated || id === undefined || !input.document || !types.has(type)) return [];
    return [creation(type, input.document, context, id).change];
  });
}

/** R4 resolves conditional references after everything else, so they may mean a resource of the same Bundle: those are written, searched, and taken back. */
async function findReferenced(
  entries: readonly RunnableEntry[],
  targets: readonly EntryTarget[],
  context: Context,
): Promise<ReadonlyMap<string, string>> {
  const wanted = wantedReferences(entries, context);
  const found = await findMatches(wanted, context);
  const missing = wanted.filter(({ uri }) => !found.has(uri));
  const changes = creationsOf(entries, targets, new Set(missing.map(({ uri }) => splitReference(uri).type)), context);
  if (changes.length > 0) {
    const here = await context.store.rehearse({ changes, audit: () => [] }, (store) =>
      findMatches(missing, { ...context, store }),
    );
    for (const [uri, literal] of here) found.set(uri, literal);
  }
  for (const { uri, index } of missing) {
    await forEntry(index, () => {
      const { type } = splitReference(uri);
      if (!found.has(uri)) throw preconditionFailed(`A conditional reference matches no ${type}`, 'not-found');
    });
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
  const conditional = await findReferenced(entries, targets, context);
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
