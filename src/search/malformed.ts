/** Refusals of search values: they name the parameter and the rule, never the value. https://hl7.org/fhir/R4/search.html#errors */
import { type FhirError, invalid, notSupported } from '../fhir/fhir-error.ts';

/** Names come from clients; a longer one is none of R4's. */
const shown = (name: string): string => name.slice(0, 64);

/** The place of a parameter in an issue. */
export const placeOf = (name: string): string => `http.${shown(name)}`;

/** 400: the value breaks `rule`, which completes the sentence "The value of x must be …". */
export const malformed = (name: string, rule: string): FhirError =>
  invalid(`The value of ${shown(name)} must be ${rule}`, placeOf(name));

/** 400: FHIR has it, this server has not. */
export const refused = (name: string, reason: string): FhirError =>
  notSupported(`${shown(name)} is not supported: ${reason}`, placeOf(name));
