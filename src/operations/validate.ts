/** `$validate`: what is wrong with a resource, without storing it. https://hl7.org/fhir/R4/resource-operation-validate.html */
import { gone, invalid, notFound } from '../fhir/fhir-error.ts';
import type { Issue } from '../fhir/issue.ts';
import { operationOutcome } from '../fhir/outcome.ts';
import type { Resource } from '../fhir/resource.ts';
import { identityOf, typeOf } from '../interactions/identity.ts';
import type { Context, Input, Interaction } from '../interactions/interaction.ts';
import { toDocument } from '../interactions/receive.ts';
import { settled } from '../interactions/settled.ts';
import { withPositions } from '../json/with-positions.ts';
import type { ResourceDocument } from '../json/document.ts';
import { writtenIntegerIssues } from '../validation/written-integers.ts';
import type { Operation } from './operation.ts';
import { checkNames, findParameter, operationInput, type OperationInput, textOf } from './operation-input.ts';

const names = new Set(['resource', 'mode', 'profile']);
const modes: ReadonlySet<string> = new Set(['create', 'update', 'delete', 'profile']);

/** What is validated: the resource, the text it came in, and what its expressions begin with there. */
interface Subject {
  readonly resource: Resource;
  /** The document it came in: itself, or a Parameters resource. */
  readonly document: Pick<ResourceDocument, 'text' | 'resource'>;
  readonly at: string;
}

function modeOf(given: OperationInput): string | undefined {
  const mode = textOf(given, 'mode');
  if (mode === undefined || modes.has(mode)) return mode;
  const expression = findParameter(given, 'mode')?.expression;
  throw invalid('The mode is create, update, delete or profile', expression);
}

async function storedSubject(input: Input, { store }: Context): Promise<Subject> {
  const identity = identityOf(input);
  const version = await store.read(identity);
  if (!version) throw notFound(`There is no such ${identity.type}`);
  if (version.deleted || version.text === undefined) throw gone(`This ${identity.type} was deleted`);
  const document = toDocument(version.text);
  return { resource: document.resource, document, at: identity.type };
}

function sentSubject(given: OperationInput): Subject | undefined {
  const parameter = findParameter(given, 'resource');
  if (!parameter?.resource || !given.document) return undefined;
  return { resource: parameter.resource, document: given.document, at: parameter.expression };
}

async function subjectOf(input: Input, given: OperationInput, context: Context): Promise<Subject | undefined> {
  const sent = sentSubject(given);
  if (sent || input.id === undefined) return sent;
  return storedSubject(input, context);
}

const refusal = (diagnostics: string, expression: string): Issue => ({
  severity: 'error',
  code: 'invalid',
  diagnostics,
  expression: [expression],
});

/** What the interaction of this mode would refuse beside the content. */
function modeIssues({ resource }: Subject, input: Input, mode: string | undefined): readonly Issue[] {
  const { resourceType, id } = resource;
  if (resourceType !== input.type) {
    return [
      refusal(`The resource must be of the type that the URL names: ${input.type}`, `${input.type}.resourceType`),
    ];
  }
  const isUpdate = mode === 'update' || (mode === undefined && input.id !== undefined);
  if (isUpdate && input.id !== undefined && id !== input.id) {
    return [refusal('The id in the resource must be the id in the URL', `${input.type}.id`)];
  }
  if (mode === 'update' && id === undefined) return [refusal('An update needs an id', `${input.type}.id`)];
  return [];
}

function profilesOf(given: OperationInput, mode: string | undefined): readonly string[] {
  const profile = textOf(given, 'profile');
  if (profile === undefined && mode === 'profile') {
    throw invalid('The mode profile needs the parameter profile', findParameter(given, 'mode')?.expression);
  }
  return profile === undefined ? [] : [profile];
}

/** A deletion needs the resource to be there, nothing else. */
async function validateDeletion(input: Input, context: Context): Promise<readonly Issue[]> {
  if (input.id === undefined) throw invalid('The mode delete is asked of a resource: [type]/[id]/$validate', 'mode');
  await storedSubject(input, context);
  return [];
}

/** Issues that are told of the whole document, as far as they are about the subject, told of it. */
function integerIssues({ document, resource, at }: Subject, { definitions }: Context): readonly Issue[] {
  const issues = writtenIntegerIssues(document.text, document.resource, definitions.elements);
  return issues.flatMap((issue) => {
    const [expression = ''] = issue.expression ?? [];
    if (!expression.startsWith(`${at}.`)) return [];
    return [{ ...issue, expression: [resource.resourceType + expression.slice(at.length)] }];
  });
}

async function contentIssues(subject: Subject, profiles: readonly string[], context: Context) {
  const { resource, document, at } = subject;
  const request = { level: 'warning', profiles } as const;
  const issues = await settled(context.library, () => context.validate(resource, request));
  return withPositions([...issues, ...integerIssues(subject, context)], document.text, at);
}

const run: Interaction = async (input, context) => {
  const given = operationInput(input);
  checkNames(given, names);
  const mode = modeOf(given);
  const profiles = profilesOf(given, mode);
  if (mode === 'delete') {
    return { status: 200, resource: operationOutcome(await validateDeletion(input, context)) };
  }
  const subject = await subjectOf(input, given, context);
  if (!subject)
    throw invalid(`There is no ${typeOf(input)} to validate: send it as the body or in Parameters`, 'resource');
  const issues = [...modeIssues(subject, input, mode), ...(await contentIssues(subject, profiles, context))];
  return { status: 200, resource: operationOutcome(issues) };
};

export const validate: Operation = {
  code: 'validate',
  definition: 'http://hl7.org/fhir/OperationDefinition/Resource-validate',
  levels: ['type', 'instance'],
  permission: 'read',
  run,
};
