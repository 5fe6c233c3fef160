/** `ValueSet/$validate-code` and `CodeSystem/$validate-code`. https://hl7.org/fhir/R4/valueset-operation-validate-code.html https://hl7.org/fhir/R4/codesystem-operation-validate-code.html */
import { invalid } from '../fhir/fhir-error.ts';
import type { CodedValue } from '../fhir/terminology.ts';
import type { Context, Interaction } from '../interactions/interaction.ts';
import { settled } from '../interactions/settled.ts';
import { isAlgorithmicSystem } from '../terminology/algorithmic-systems.ts';
import { validateCode } from '../terminology/validate-code.ts';
import type { Operation } from './operation.ts';
import { checkNames, flagOf, operationInput, type OperationInput, textOf } from './operation-input.ts';
import { codingsOf, subjectOf } from './terminology-input.ts';
import { withResource } from './with-resource.ts';

const common = [
  'url',
  'code',
  'version',
  'display',
  'coding',
  'codeableConcept',
  'date',
  'abstract',
  'displayLanguage',
];
const ofValueSet = new Set([...common, 'context', 'valueSet', 'valueSetVersion', 'system', 'systemVersion']);
const ofCodeSystem = new Set([...common, 'codeSystem', 'system']);

const answer = async (codings: readonly CodedValue[], valueSet: string | undefined, context: Context) => {
  const request = { codings, ...(valueSet !== undefined && { valueSet }) };
  const resource = await settled(context.library, () => validateCode(request, context.terminology));
  return { status: 200, resource };
};

const inValueSet: Interaction = async (input, context) => {
  const given = operationInput(input, 'valueSet');
  checkNames(given, ofValueSet);
  if (textOf(given, 'context') !== undefined)
    throw invalid('The context of an element is not looked up; send url', 'context');
  const names = { url: 'url', version: 'valueSetVersion', resource: 'valueSet' };
  const valueSet = await subjectOf('ValueSet', { input, given, names }, context);
  if (!valueSet) throw invalid('This operation needs a value set: url or valueSet', 'url');
  const inside = withResource(valueSet, context);
  const mayBeAbstract = flagOf(given, 'abstract') === true;
  const codings = codingsOf(given).map((coding) => ({ ...coding, mayBeAbstract }));
  return answer(codings, inside.canonical, inside.context);
};

/** In CodeSystem/$validate-code the system is called `url`. */
function codingsOfSystem(given: OperationInput, system: string | undefined): readonly CodedValue[] {
  return codingsOf(given, 'url').map((coding) => ({ ...coding, system: coding.system ?? system }));
}

const inCodeSystem: Interaction = async (input, context) => {
  const given = operationInput(input, 'codeSystem');
  checkNames(given, ofCodeSystem);
  const url = textOf(given, 'url');
  // no CodeSystem resource says what such a system is
  const isRule = url !== undefined && isAlgorithmicSystem(url) && textOf(given, 'version') === undefined;
  if (isRule && input.id === undefined) return answer(codingsOfSystem(given, undefined), undefined, context);
  const names = { url: 'url', version: 'version', resource: 'codeSystem' };
  const codeSystem = await subjectOf('CodeSystem', { input, given, names }, context);
  const inside = codeSystem && withResource(codeSystem, context);
  const codings = codingsOfSystem(given, inside?.canonical);
  if (codings.some(({ system }) => system === undefined)) throw invalid('A code is validated in a system', 'url');
  return answer(codings, undefined, inside?.context ?? context);
};

/** Which of the two is told by the type in the URL. */
const run: Interaction = (input, context) =>
  input.type === 'CodeSystem' ? inCodeSystem(input, context) : inValueSet(input, context);

export const validateCodeInValueSet: Operation = {
  code: 'validate-code',
  definition: 'http://hl7.org/fhir/OperationDefinition/ValueSet-validate-code',
  levels: ['type', 'instance'],
  types: ['ValueSet'],
  permission: 'read',
  run,
};

export const validateCodeInCodeSystem: Operation = {
  ...validateCodeInValueSet,
  definition: 'http://hl7.org/fhir/OperationDefinition/CodeSystem-validate-code',
  types: ['CodeSystem'],
};
