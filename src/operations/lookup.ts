/** `CodeSystem/$lookup`. https://hl7.org/fhir/R4/codesystem-operation-lookup.html */
import { invalid } from '../fhir/fhir-error.ts';
import type { Interaction } from '../interactions/interaction.ts';
import { settled } from '../interactions/settled.ts';
import { lookup as lookUp } from '../terminology/lookup.ts';
import { createTerminology } from '../terminology/terminology.ts';
import type { Operation } from './operation.ts';
import { checkNames, operationInput } from './operation-input.ts';
import { codingsOf } from './terminology-input.ts';

const names = new Set(['code', 'system', 'version', 'coding', 'date', 'displayLanguage', 'property']);

const run: Interaction = async (input, { library }) => {
  const given = operationInput(input);
  checkNames(given, names, new Set(['property']));
  const [{ system, code, version } = {}] = codingsOf(given);
  if (system === undefined || code === undefined) throw invalid('A code is looked up in a system', 'system');
  const properties = given.parameters.filter(({ name }) => name === 'property').map(({ value }) => String(value));
  const codeSystems = createTerminology(library.conformance);
  await settled(library, () => codeSystems.indexOf(system, version));
  return { status: 200, resource: lookUp({ system, code, version, properties }, codeSystems) };
};

export const lookup: Operation = {
  code: 'lookup',
  definition: 'http://hl7.org/fhir/OperationDefinition/CodeSystem-lookup',
  levels: ['type'],
  types: ['CodeSystem'],
  permission: 'read',
  run,
};
