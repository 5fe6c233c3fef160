/** FHIR delete and conditional delete. https://hl7.org/fhir/R4/http.html#delete */
import { versionOfIfMatch } from '../fhir/etag.ts';
import type { ChangeResult } from '../ports.ts';
import { findMatch, lockName, queryOf } from './conditional.ts';
import { identityOf, typeOf } from './identity.ts';
import type { AuditedChange, Conditions, Interaction, Result } from './interaction.ts';

/** Leaves a tombstone; of what is not there, nothing. */
export function deletion(target: {
  readonly type: string;
  readonly id: string;
  readonly conditions: Conditions;
}): AuditedChange {
  const { type, id, conditions } = target;
  const expected = conditions.ifMatch === undefined ? {} : { expectedVersion: versionOfIfMatch(conditions.ifMatch) };
  return { change: { type, id, kind: 'delete', method: 'DELETE', ...expected }, interaction: 'delete' };
}

/** 204 whether it was there or not; the ETag is that of the tombstone. */
export function deleted(result: ChangeResult | undefined): Result {
  if (!result || result.version === 0) return { status: 204 };
  return { status: 204, version: result, patients: result.patients };
}

export const deleteResource: Interaction = async (input, context) => {
  if (input.id !== undefined) {
    const [result] = await context.write([deletion({ ...identityOf(input), conditions: input.conditions })]);
    return deleted(result);
  }
  const type = typeOf(input);
  return context.transaction([lockName(type, queryOf(input))], async (inside) => {
    const match = await findMatch(type, queryOf(input), inside);
    if (!match) return { status: 204 };
    const [result] = await inside.write([deletion({ type, id: match.id, conditions: input.conditions })]);
    return deleted(result);
  });
};
