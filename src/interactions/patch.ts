/** FHIR patch by JSON Patch or FHIRPath Patch, by id or by criteria. https://hl7.org/fhir/R4/http.html#patch */
import { versionOfIfMatch } from '../fhir/etag.ts';
import { conflict, FhirError, gone, invalid, notFound, unsupportedMediaType } from '../fhir/fhir-error.ts';
import type { ResourceIdentity } from '../fhir/resource.ts';
import type { ResourceDocument } from '../json/document.ts';
import { applyFhirPathPatch } from '../patch/fhirpath-patch.ts';
import { applyJsonPatch } from '../patch/json-patch.ts';
import type { StoredVersion } from '../ports.ts';
import { findMatch, lockName, queryOf } from './conditional.ts';
import { identityOf, typeOf } from './identity.ts';
import type { AuditedChange, Context, Input, Interaction, Result } from './interaction.ts';
import { checkValid, receiveDocument, receiveText, toDocument } from './receive.ts';
import { writtenChange } from './written.ts';

/** Applies the patch of an input to a text; the new text is not validated yet. */
type ApplyPatch = (text: string) => string;

const maximumAttempts = 5;

async function readPatch(input: Input, context: Context): Promise<ApplyPatch> {
  const { body } = input;
  if (!input.document && !body) throw invalid('The request needs a patch as its body');
  if (body?.mediaType === 'application/json-patch+json') {
    const patch = receiveText(body);
    return (text) => applyJsonPatch(text, patch);
  }
  if (body && !['application/fhir+json', 'application/json'].includes(body.mediaType)) {
    throw unsupportedMediaType('A patch is application/json-patch+json, or Parameters as application/fhir+json');
  }
  const parameters = receiveDocument(input);
  if (parameters.resource.resourceType !== 'Parameters') {
    throw invalid('A FHIRPath Patch is a Parameters resource', 'resourceType');
  }
  await checkValid(parameters, context);
  return (text) => applyFhirPathPatch(text, parameters, context.definitions.elements);
}

function currentText(type: string, version: StoredVersion | undefined): string {
  if (!version) throw notFound(`There is no such ${type}`);
  if (version.deleted || version.text === undefined) throw gone(`This ${type} was deleted`);
  return version.text;
}

async function patched(text: string, { type, id }: ResourceIdentity, context: Context): Promise<ResourceDocument> {
  const document = toDocument(text);
  if (document.resource.resourceType !== type || document.resource.id !== id) {
    throw invalid('A patch must leave the type and the id of the resource as they are');
  }
  await checkValid(document, context);
  return document;
}

/** The change that a patch makes of the current version, which it expects to be current still when it is written. */
export async function patchChange(input: Input, identity: ResourceIdentity, context: Context): Promise<AuditedChange> {
  const apply = await readPatch(input, context);
  const current = await context.store.read(identity);
  const text = currentText(identity.type, current);
  const { ifMatch } = input.conditions;
  const document = await patched(apply(text), identity, context);
  const change = {
    ...identity,
    kind: 'update',
    method: 'PATCH',
    expectedVersion: ifMatch === undefined ? (current?.version ?? 0) : versionOfIfMatch(ifMatch),
    document,
    indexed: context.index(document.resource),
  } as const;
  return { change, interaction: 'patch' };
}

/** The identity that the criteria of a conditional patch match: exactly one. */
export async function patchTarget(input: Input, context: Context): Promise<ResourceIdentity> {
  const type = typeOf(input);
  if (input.id !== undefined) return identityOf(input);
  const match = await findMatch(type, queryOf(input), context);
  if (!match) throw notFound(`No ${type} matches the criteria`);
  return { type, id: match.id };
}

const lostRace = (cause: unknown): boolean => cause instanceof FhirError && cause.status === 412;

async function patchOnce(input: Input, context: Context): Promise<Result> {
  const [result] = await context.write([await patchChange(input, identityOf(input), context)]);
  return writtenChange(result, input.prefer);
}

/** Without If-Match the client wants its patch on whatever is current, so a lost race is run again, one patch of a resource at a time. */
async function patchById(input: Input, context: Context): Promise<Result> {
  const { type, id } = identityOf(input);
  for (let attempt = 1; ; attempt += 1) {
    try {
      if (attempt === 1) return await patchOnce(input, context);
      return await context.transaction([`${type}/${id}`], (inside) => patchOnce(input, inside));
    } catch (cause) {
      if (!lostRace(cause) || input.conditions.ifMatch !== undefined) throw cause;
      if (attempt === maximumAttempts) throw conflict(`This ${type} is changed by others all the time; try again`);
    }
  }
}

export const patch: Interaction = async (input, context) => {
  if (input.id !== undefined) return patchById(input, context);
  return context.transaction([lockName(typeOf(input), queryOf(input))], async (inside) => {
    const change = await patchChange(input, await patchTarget(input, inside), inside);
    const [result] = await inside.write([change]);
    return writtenChange(result, input.prefer);
  });
};
