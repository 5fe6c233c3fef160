/** Definitions of a guide as far as they can be worked with: whoever computes with them relies on their shape. https://hl7.org/fhir/R4/packages.html */
import { fileURLToPath } from 'node:url';
import { createBundledValidator } from '../../bulk/bundled-validator.ts';
import { isConformanceType } from '../../fhir/conformance.ts';
import type { Issue } from '../../fhir/issue.ts';
import type { PackagedResource } from '../../guides/read-package.ts';
import type { Validate } from '../../validation/validate.ts';

const schemas = fileURLToPath(new URL('../../../schemas/r4', import.meta.url));

/** Not whether a definition is good: published guides have missing names and worse. */
function breaksShape({ severity, code, expression: [at = ''] = [] }: Issue): boolean {
  if (severity !== 'error') return false;
  if (code !== 'required') return code === 'structure';
  return at.split('.').length > 2 || at === 'StructureDefinition.type';
}

/** What is wrong with the shape of a definition; undefined when nothing is, and for resources that nothing is computed with. */
function faultOf({ type, resource }: PackagedResource, validate: Validate): Issue | undefined {
  return isConformanceType(type) ? validate(resource).find(breaksShape) : undefined;
}

/** Passes on what is of the right shape, and tells of the rest. */
export async function* wellFormed(
  resources: AsyncIterable<PackagedResource>,
  complain: (sentence: string) => void,
): AsyncGenerator<PackagedResource> {
  const validate = createBundledValidator(schemas);
  for await (const one of resources) {
    const fault = faultOf(one, validate);
    if (!fault) yield one;
    else
      complain(
        `Left out a malformed ${one.type}, ${one.url ?? 'without a url'}: ${fault.expression?.join()}: ${fault.diagnostics}`,
      );
  }
}
