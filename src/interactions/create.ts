/** FHIR create and conditional create. https://hl7.org/fhir/R4/http.html#create */
import type { ResourceDocument } from '../json/document.ts';
import { findMatch, lockName } from './conditional.ts';
import { typeOf } from './identity.ts';
import type { AuditedChange, Context, Interaction } from './interaction.ts';
import { receiveResource } from './receive.ts';
import { written, writtenChange } from './written.ts';

/** A new resource under an id of ours. Whatever id its body has is not its own, and must not tell whose data it is. */
export function creation(
  type: string,
  document: ResourceDocument,
  context: Context,
  id: string = context.newId(),
): AuditedChange {
  const change = {
    type,
    id,
    kind: 'create',
    method: 'POST',
    document,
    indexed: context.index({ ...document.resource, id }),
  } as const;
  return { change, interaction: 'create' };
}

export const create: Interaction = async (input, context) => {
  const type = typeOf(input);
  const document = await receiveResource(input, context);
  const criteria = input.conditions.ifNoneExist;
  if (criteria === undefined) {
    const [created] = await context.write([creation(type, document, context)]);
    return writtenChange(created, input.prefer);
  }
  return context.transaction([lockName(type, criteria)], async (inside) => {
    const match = await findMatch(type, criteria, inside);
    if (match) return written(200, match, input.prefer);
    const [created] = await inside.write([creation(type, document, inside)]);
    return writtenChange(created, input.prefer);
  });
};
