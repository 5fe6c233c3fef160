/** The answer to a write: status, Location and, by preference, the resource. https://hl7.org/fhir/R4/http.html#ops */
import type { ChangeResult, StoredVersion } from '../ports.ts';
import type { Issue } from '../fhir/issue.ts';
import { operationOutcome } from '../fhir/outcome.ts';
import type { Preferences, Result } from './interaction.ts';

export function locationOf({ type, id, version }: StoredVersion): string {
  return `${type}/${id}/_history/${version}`;
}

/** `status` when the write made or found this version; the body is the resource unless the client prefers less. */
export function written(
  status: number,
  version: StoredVersion & Pick<ChangeResult, 'warnings'>,
  prefer: Preferences,
): Result {
  const { patients, text } = version;
  const base = { status, version, location: locationOf(version), patients };
  if (prefer.return === 'minimal' || text === undefined) return base;
  if (prefer.return !== 'OperationOutcome') return { ...base, text };
  const done: Issue = { severity: 'information', code: 'informational', diagnostics: 'Done' };
  return { ...base, resource: operationOutcome([...(version.warnings ?? []), done]) };
}

/** 201 for what is new, 200 otherwise. */
export function writtenChange(result: ChangeResult | undefined, prefer: Preferences): Result {
  if (!result) throw new Error('The store gave no result for a change');
  return written(result.outcome === 'created' ? 201 : 200, result, prefer);
}
