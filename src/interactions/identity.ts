/** The type and id that an input names, checked. */
import { notFound } from '../fhir/fhir-error.ts';
import { isLogicalId, type ResourceIdentity } from '../fhir/resource.ts';
import type { Input } from './interaction.ts';

/** The type of the input; the router gives every input of type or instance level one. */
export function typeOf({ type }: Input): string {
  if (type === undefined) throw new Error('This interaction works on a type');
  return type;
}

/** The identity of the input. What cannot be an id cannot be found (404). */
export function identityOf(input: Input): ResourceIdentity {
  const type = typeOf(input);
  if (input.id?.startsWith('$')) throw notFound('This server has no such operation');
  if (input.id === undefined || !isLogicalId(input.id)) throw notFound(`There is no such ${type}`);
  return { type, id: input.id };
}
