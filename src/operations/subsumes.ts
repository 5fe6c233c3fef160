/** `CodeSystem/$subsumes`. https://hl7.org/fhir/R4/codesystem-operation-subsumes.html */
import { invalid } from '../fhir/fhir-error.ts';
import type { Context, Input, Interaction } from '../interactions/interaction.ts';
import { settled } from '../interactions/settled.ts';
import { subsumes as compare, type SubsumesRequest } from '../terminology/subsumes.ts';
import { createTerminology } from '../terminology/terminology.ts';
import type { Operation } from './operation.ts';
import { checkNames, objectOf, operationInput, type OperationInput, textOf } from './operation-input.ts';
import { subjectOf } from './terminology-input.ts';

const names = new Set(['codeA', 'codeB', 'system', 'version', 'codingA', 'codingB']);

async function requestOf(input: Input, given: OperationInput, context: Context): Promise<SubsumesRequest> {
  const [a, b] = [objectOf(given, 'codingA'), objectOf(given, 'codingB')];
  const naming = { url: 'system', version: 'version', resource: 'codeSystem' };
  const codeSystem =
    input.id === undefined ? undefined : await subjectOf('CodeSystem', { input, given, names: naming }, context);
  const system = codeSystem?.url ?? textOf(given, 'system') ?? a?.['system'];
  const [codeA, codeB] = [textOf(given, 'codeA') ?? a?.['code'], textOf(given, 'codeB') ?? b?.['code']];
  if (typeof system !== 'string') throw invalid('Codes are compared in a system', 'system');
  for (const [name, coding] of [
    ['codingA', a],
    ['codingB', b],
  ] as const) {
    if (coding?.['system'] !== undefined && coding['system'] !== system)
      throw invalid('Both codes must be of one system', name);
  }
  if (typeof codeA !== 'string') throw invalid('This operation compares two codes', 'codeA');
  if (typeof codeB !== 'string') throw invalid('This operation compares two codes', 'codeB');
  return { system, version: textOf(given, 'version'), codeA, codeB };
}

const run: Interaction = async (input, context) => {
  const given = operationInput(input);
  checkNames(given, names);
  const request = await requestOf(input, given, context);
  const codeSystems = createTerminology(context.library.conformance);
  await settled(context.library, () => codeSystems.indexOf(request.system, request.version));
  return { status: 200, resource: compare(request, codeSystems) };
};

export const subsumes: Operation = {
  code: 'subsumes',
  definition: 'http://hl7.org/fhir/OperationDefinition/CodeSystem-subsumes',
  levels: ['type', 'instance'],
  types: ['CodeSystem'],
  permission: 'read',
  run,
};
