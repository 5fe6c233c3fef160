/** Codes as a search needs them: those of a value set, and those above or below a code. https://hl7.org/fhir/R4/search.html#token */
import type { Conformance } from '../fhir/conformance.ts';
import { FhirError } from '../fhir/fhir-error.ts';
import { codesOf } from './expand.ts';
import { createTerminology } from './terminology.ts';

export interface FoundCode {
  readonly system: string;
  readonly code: string;
}

export interface CodeLookups {
  /** The codes of a value set; undefined when it, or a code system that it needs, is not known. */
  membersOf(valueSet: string): readonly FoundCode[] | undefined;
  /** The code itself and those on one side of it; undefined when the system does not know it. */
  relatives(
    token: { readonly system?: string; readonly code?: string },
    direction: 'above' | 'below',
  ): readonly FoundCode[] | undefined;
}

/** Works with what is in memory. */
export function createCodeLookups(conformance: Conformance): CodeLookups {
  const codeSystems = createTerminology(conformance);
  return {
    membersOf(canonical) {
      const valueSet = conformance.find('ValueSet', canonical);
      if (!valueSet) return undefined;
      try {
        return codesOf(valueSet, { conformance, codeSystems }).map(({ system = '', code = '' }) => ({ system, code }));
      } catch (error) {
        if (error instanceof FhirError) return undefined;
        throw error;
      }
    },
    relatives({ system = '', code = '' }, direction) {
      const index = codeSystems.indexOf(system);
      if (!index?.find(code)) return undefined;
      const isRelated = (other: string) => (direction === 'below' ? index.isA(other, code) : index.isA(code, other));
      return [...index.concepts.keys()].filter(isRelated).map((found) => ({ system, code: found }));
    },
  };
}
