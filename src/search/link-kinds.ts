/** The two ways in which a reference leads to a resource: by type and id, or by canonical URL and version. https://hl7.org/fhir/R4/references.html#canonical */
import type { ValueShapes } from './search-scope.ts';

export const linkKinds = ['literal', 'canonical'] as const;
export type LinkKind = (typeof linkKinds)[number];

/** Values that are a URL and nothing beside it. */
const urls: ReadonlySet<string> = new Set(['canonical', 'uri', 'url']);

/** The ways that values of a reference parameter may lead; both where only running the expression can tell. */
export function linkKindsOf(
  types: readonly string[],
  code: string,
  { typesOf }: Pick<ValueShapes, 'typesOf'>,
): readonly LinkKind[] {
  // an Extension may hold either
  const values = types.flatMap((type) => typesOf(type, code) ?? ['Extension']);
  const isCanonical = values.some((one) => urls.has(one) || one === 'Extension');
  const isLiteral = values.length === 0 || values.some((one) => !urls.has(one));
  return [...(isLiteral ? (['literal'] as const) : []), ...(isCanonical ? (['canonical'] as const) : [])];
}
