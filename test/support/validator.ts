/** The validator as the server has it, with what is bundled and nothing else. */
import { createBundledValidator } from '../../src/bulk/bundled-validator.ts';
import type { Validate } from '../../src/validation/validate.ts';

/** `conformance`: profiles, value sets and code systems that it shall know beside R4's own. */
export const bundledValidator = (conformance: readonly object[] = []): Validate =>
  createBundledValidator('schemas/r4', conformance);
