/** FHIR update, update as create, and conditional update. https://hl7.org/fhir/R4/http.html#update */
import { versionOfIfMatch } from '../fhir/etag.ts';
import { conflict, forbidden, invalid } from '../fhir/fhir-error.ts';
import { isLogicalId } from '../fhir/resource.ts';
import type { ResourceDocument } from '../json/document.ts';
import { findMatch, lockName, queryOf } from './conditional.ts';
import { creation } from './create.ts';
import { typeOf } from './identity.ts';
import type { AuditedChange, Conditions, Context, Input, Interaction } from './interaction.ts';
import { receiveResource } from './receive.ts';
import { writtenChange } from './written.ts';

/** A new version of `id`, or its first one when the caller may also create. */
export function replacement(
  target: { readonly type: string; readonly id: string; readonly conditions: Conditions },
  document: ResourceDocument,
  context: Context,
): AuditedChange {
  const { type, id, conditions } = target;
  const change = {
    type,
    id,
    kind: 'update',
    method: 'PUT',
    mayCreate: context.access.permits('update-as-create', type),
    ...(conditions.ifMatch !== undefined && { expectedVersion: versionOfIfMatch(conditions.ifMatch) }),
    document,
    // after a conditional update the body may have no id
    indexed: context.index({ ...document.resource, id }),
  } as const;
  return { change, interaction: 'update' };
}

/** R4 wants the id in the body and in the URL, and both the same. */
export function checkBodyId(document: ResourceDocument, id: string): void {
  if (document.resource.id !== id) throw invalid('The id in the resource must be the id in the URL', 'id');
}

function urlId(input: Input): string {
  const { id = '' } = input;
  if (!isLogicalId(id)) throw invalid('An id has 1 to 64 letters, digits, "-" and "."', 'http.id');
  return id;
}

/** What a conditional update becomes once its criteria were searched. https://hl7.org/fhir/R4/http.html#cond-update */
export async function conditionalReplacement(
  input: Input,
  document: ResourceDocument,
  context: Context,
): Promise<AuditedChange> {
  const type = typeOf(input);
  const match = await findMatch(type, queryOf(input), context);
  const { id } = document.resource;
  if (match) {
    if (id !== undefined && id !== match.id) {
      throw invalid('The id in the resource is not that of the resource that the criteria match', 'id');
    }
    return replacement({ type, id: match.id, conditions: input.conditions }, document, context);
  }
  if (!context.access.permits('create', type)) throw forbidden(`The token does not allow to create a ${type}`);
  if (id === undefined) return creation(type, document, context);
  const known = await context.store.read({ type, id });
  if (known && !known.deleted) {
    throw conflict('The id in the resource belongs to a resource that the criteria do not match', 'id');
  }
  return replacement({ type, id, conditions: input.conditions }, document, context);
}

export const update: Interaction = async (input, context) => {
  const type = typeOf(input);
  if (input.id === undefined) {
    const document = await receiveResource(input, context);
    return context.transaction([lockName(type, queryOf(input))], async (inside) => {
      const [result] = await inside.write([await conditionalReplacement(input, document, inside)]);
      return writtenChange(result, input.prefer);
    });
  }
  const id = urlId(input);
  const document = await receiveResource(input, context);
  checkBodyId(document, id);
  const [result] = await context.write([replacement({ type, id, conditions: input.conditions }, document, context)]);
  return writtenChange(result, input.prefer);
};
