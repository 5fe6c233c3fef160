/** Every operation of this server. https://hl7.org/fhir/R4/operations.html */
import type { Operation } from './operation.ts';
import { validate } from './validate.ts';

export const operations: readonly Operation[] = [validate];
