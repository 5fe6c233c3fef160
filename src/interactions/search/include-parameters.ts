/** The reference parameters that an include stands for, and how they lead to resources. https://hl7.org/fhir/R4/search.html#include */
import { isCanonicalType } from '../../search/canonicals.ts';
import type { ReferenceParameter } from '../../search/compile-includes.ts';
import { type LinkKind, linkKindsOf } from '../../search/link-kinds.ts';
import type { Include } from '../../search/search-query.ts';
import type { Context } from '../interaction.ts';

/** Of reference parameters the codes: one, or all of the type. */
export function codesOf(
  { type, code }: Include,
  resourceType: string,
  { searchParameters }: Pick<Context, 'searchParameters'>,
): readonly string[] {
  if (type !== '*' && type !== resourceType) return [];
  if (code !== '*') return [code];
  const parameters = [...searchParameters.forType(resourceType).values()];
  return parameters.filter((parameter) => parameter.type === 'reference').map((parameter) => parameter.code);
}

/** Those of the parameters whose values may lead to resources in this way. */
export function leadingBy(
  via: LinkKind,
  parameters: readonly ReferenceParameter[],
  { valueShapes }: Pick<Context, 'valueShapes'>,
): readonly ReferenceParameter[] {
  return parameters.filter(({ type, code }) => linkKindsOf([type], code, valueShapes).includes(via));
}

/** All types that canonicals lead to. */
export const canonicalTypes = ({ definitions }: Pick<Context, 'definitions'>): readonly string[] =>
  [...definitions.resourceTypes.keys()].filter((type) => isCanonicalType(type, definitions.elements));
