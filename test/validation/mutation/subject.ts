/** The one place where these tests call what they test: the validator as the server has it. */
import type { Issue } from '../../../src/fhir/issue.ts';
import type { Resource } from '../../../src/fhir/resource.ts';
import { bundledValidator } from '../../support/validator.ts';

const validate = bundledValidator();

/** The errors of a resource. */
export const errorsOf = (resource: object): readonly Issue[] => validate(resource as Resource);
