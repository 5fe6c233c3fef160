/** Why a snapshot cannot be made; thrown and caught within this folder, where it would otherwise pass through every level of a tree. https://hl7.org/fhir/R4/profiling.html#snapshot */
export class SnapshotProblem extends Error {
  /** The canonical of a definition that would be needed and is not known here. */
  readonly missing: string | undefined;

  constructor(message: string, missing?: string) {
    super(message);
    this.name = 'SnapshotProblem';
    this.missing = missing;
  }
}
