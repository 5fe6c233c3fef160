/** Value sets that a search names by where they are, `ValueSet/1`, and what they are called. https://hl7.org/fhir/R4/search.html#token */
import type { Context, Parameters } from '../interaction.ts';

/** No search has more alternatives. */
const maximumSets = 1_000;
const takesValueSet = /(?:^_filter|:in|:not-in)$/;
const literal = /(?<=^|[\s,"])((?:https?:[^\s,"|]+\/)?)ValueSet\/([A-Za-z0-9\-.]{1,64})(?=$|[\s,")\]])/g;

function idsIn(parameters: Parameters, baseUrl: string): readonly string[] {
  const values = parameters.filter(([name]) => takesValueSet.test(name)).map(([, value]) => value);
  const found = values.flatMap((value) => [...value.matchAll(literal)]);
  const local = found.filter(([, base]) => base === '' || base === `${baseUrl}/`);
  return [...new Set(local.map(([, , id = '']) => id))].slice(0, maximumSets);
}

function canonicalOf(text: string): string | undefined {
  const { url, version } = JSON.parse(text) as { readonly url?: string; readonly version?: string };
  return url !== undefined && version !== undefined ? `${url}|${version}` : url;
}

/** Canonicals by absolute URL. Costs nothing when none is named so. */
export async function literalValueSets(
  parameters: Parameters,
  { store, settings: { baseUrl } }: Pick<Context, 'store' | 'settings'>,
): Promise<ReadonlyMap<string, string>> {
  const ids = idsIn(parameters, baseUrl);
  const stored = ids.length === 0 ? [] : await store.readMany(ids.map((id) => ({ type: 'ValueSet', id })));
  return new Map(
    stored.flatMap(({ id, text }) => {
      const canonical = text === undefined ? undefined : canonicalOf(text);
      return canonical === undefined ? [] : [[`${baseUrl}/ValueSet/${id}`, canonical] as const];
    }),
  );
}
