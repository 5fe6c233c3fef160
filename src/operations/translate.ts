/** `ConceptMap/$translate`. https://hl7.org/fhir/R4/conceptmap-operation-translate.html */
import { invalid, notSupported } from '../fhir/fhir-error.ts';
import type { Interaction } from '../interactions/interaction.ts';
import { translate as translateCode } from '../terminology/translate.ts';
import type { Operation } from './operation.ts';
import { checkNames, findParameter, flagOf, operationInput, textOf } from './operation-input.ts';
import { codingsOf, subjectOf } from './terminology-input.ts';

const names = new Set([
  'url',
  'conceptMap',
  'conceptMapVersion',
  'code',
  'system',
  'version',
  'coding',
  'codeableConcept',
  'targetsystem',
  'reverse',
]);

const run: Interaction = async (input, context) => {
  const given = operationInput(input, 'conceptMap');
  for (const name of ['source', 'target', 'dependency']) {
    const parameter = findParameter(given, name);
    if (parameter) throw notSupported(`${name} is not supported: name the concept map by url`, parameter.expression);
  }
  checkNames(given, names);
  const naming = { url: 'url', version: 'conceptMapVersion', resource: 'conceptMap' };
  const map = await subjectOf('ConceptMap', { input, given, names: naming }, context);
  if (!map) throw invalid('This operation needs a concept map: url or conceptMap', 'url');
  const request = {
    codings: codingsOf(given),
    targetSystem: textOf(given, 'targetsystem'),
    direction: flagOf(given, 'reverse') === true ? 'reverse' : 'forward',
  } as const;
  return { status: 200, resource: translateCode(request, [map]) };
};

export const translate: Operation = {
  code: 'translate',
  definition: 'http://hl7.org/fhir/OperationDefinition/ConceptMap-translate',
  levels: ['type', 'instance'],
  types: ['ConceptMap'],
  permission: 'read',
  run,
};
