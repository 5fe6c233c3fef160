/** `ValueSet/$expand`. https://hl7.org/fhir/R4/valueset-operation-expand.html */
import { invalid, notSupported } from '../fhir/fhir-error.ts';
import type { Interaction } from '../interactions/interaction.ts';
import { settled } from '../interactions/settled.ts';
import { expand as expandValueSet } from '../terminology/expand.ts';
import { createTerminology } from '../terminology/terminology.ts';
import type { Operation } from './operation.ts';
import {
  checkNames,
  countOf,
  findParameter,
  flagOf,
  operationInput,
  type OperationInput,
  textOf,
} from './operation-input.ts';
import { subjectOf } from './terminology-input.ts';
import { withResource } from './with-resource.ts';

const names = new Set([
  'url',
  'valueSet',
  'valueSetVersion',
  'filter',
  'offset',
  'count',
  'activeOnly',
  'includeDesignations',
  'includeDefinition',
  'excludeNested',
  'excludeNotForUI',
  'excludePostCoordinated',
  'date',
  'displayLanguage',
]);

/** Parameters of R4 that would change the answer, and do not here. */
const refused = [
  'context',
  'contextDirection',
  'designation',
  'exclude-system',
  'system-version',
  'check-system-version',
  'force-system-version',
];

function checkSupported(given: OperationInput): void {
  for (const name of refused) {
    const parameter = findParameter(given, name);
    if (parameter) throw notSupported(`${name} is not supported in expansions`, parameter.expression);
  }
  checkNames(given, names);
}

const run: Interaction = async (input, context) => {
  const given = operationInput(input, 'valueSet');
  checkSupported(given);
  const naming = { url: 'url', version: 'valueSetVersion', resource: 'valueSet' };
  const valueSet = await subjectOf('ValueSet', { input, given, names: naming }, context);
  if (!valueSet) throw invalid('This operation needs a value set: url or valueSet', 'url');
  const { conformance } = withResource(valueSet, context);
  const codeSystems = createTerminology(conformance);
  const request = {
    valueSet,
    filter: textOf(given, 'filter'),
    offset: countOf(given, 'offset'),
    count: countOf(given, 'count'),
    activeOnly: flagOf(given, 'activeOnly'),
    includeDesignations: flagOf(given, 'includeDesignations'),
    includeDefinition: flagOf(given, 'includeDefinition'),
    excludeNotForUI: flagOf(given, 'excludeNotForUI'),
    timestamp: context.now().toISOString(),
    identifier: `urn:uuid:${context.newId()}`,
  };
  const attempt = await settled(context.library, () =>
    attempted(() => expandValueSet(request, { conformance, codeSystems })),
  );
  return { status: 200, resource: attempt() };
};

/** What a computation gives or throws, to be had once everything it needs was loaded. */
function attempted<Value>(compute: () => Value): () => Value {
  try {
    const value = compute();
    return () => value;
  } catch (cause) {
    return () => {
      throw cause;
    };
  }
}

export const expand: Operation = {
  code: 'expand',
  definition: 'http://hl7.org/fhir/OperationDefinition/ValueSet-expand',
  levels: ['type', 'instance'],
  types: ['ValueSet'],
  permission: 'read',
  run,
};
