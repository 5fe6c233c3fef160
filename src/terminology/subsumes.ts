/** `CodeSystem/$subsumes`: how two codes of a system stand to each other. https://hl7.org/fhir/R4/codesystem-operation-subsumes.html */
import type { Parameters } from 'fhir/r4.js';
import { knownConcept, knownSystem } from './lookup.ts';
import { parameters } from './output.ts';
import type { CodeSystems } from './terminology.ts';

export interface SubsumesRequest {
  readonly system: string;
  readonly version?: string | undefined;
  readonly codeA: string;
  readonly codeB: string;
}

/** Throws a FhirError 404 for an unknown system or code. A is said to subsume B when B is below it. */
export function subsumes({ system, version, codeA, codeB }: SubsumesRequest, codeSystems: CodeSystems): Parameters {
  const index = knownSystem(system, version, codeSystems);
  const [a, b] = [knownConcept(index, codeA).code, knownConcept(index, codeB).code];
  const outcome =
    a === b ? 'equivalent' : index.isA(b, a) ? 'subsumes' : index.isA(a, b) ? 'subsumed-by' : 'not-subsumed';
  return parameters({ name: 'outcome', valueCode: outcome });
}
