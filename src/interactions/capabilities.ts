/** FHIR capabilities: what this server does, read from the tables that make it do so. https://hl7.org/fhir/R4/capabilitystatement.html */
import { auditSearchParameters } from '../audit/audit-search.ts';
import type { SearchParameter } from '../fhir/search-parameter.ts';
import { type FullText, isFullTextCode, isIndexed } from '../search/words/full-text.ts';
import { supportedSearchTypes } from '../search/types/index.ts';
import { operations } from '../operations/operations.ts';
import type { Context, Interaction, Route } from './interaction.ts';

/** System-level interactions by their code in CapabilityStatement.rest.interaction. */
const systemCodes: ReadonlySet<string> = new Set(['transaction', 'batch', 'history-system', 'search-system']);
/** Another way to search a type. */
const unnamed = 'search-compartment';

function interactionsOf(routes: readonly Route[], isAudit: boolean): { code: string }[] {
  const codes = routes
    .filter(({ path }) => path.startsWith(isAudit ? 'AuditEvent' : ':type'))
    .filter(({ interaction }) => !isAudit || ['read', 'search-type'].includes(interaction))
    .map(({ interaction }) => interaction)
    .filter((code) => !code.startsWith('$') && code !== unnamed);
  return [...new Set(codes)].filter((code) => !systemCodes.has(code)).map((code) => ({ code }));
}

function isSupported({ type, code, expression }: SearchParameter, fullText: FullText): boolean {
  if (isFullTextCode(code)) return isIndexed(code, fullText);
  return supportedSearchTypes.has(type) && (expression !== undefined || code === '_id');
}

function searchParametersOf(type: string, { searchParameters, fullText }: Context) {
  return [...searchParameters.forType(type).values()]
    .filter((parameter) => isSupported(parameter, fullText))
    .map(({ code, url, type }) => ({ name: code, definition: url, type }));
}

function includesOf(type: string, { searchParameters }: Context): string[] {
  return [...searchParameters.forType(type).values()]
    .filter((parameter) => parameter.type === 'reference' && parameter.expression)
    .map(({ code }) => `${type}:${code}`);
}

/** Operations by their name and definition; without a type those of the system. */
function operationsOf(type: string | undefined): { operation?: object[] } {
  const found = operations.filter(({ levels, types }) =>
    type === undefined
      ? levels.includes('system')
      : levels.some((level) => level !== 'system') && (types === undefined || types.includes(type)),
  );
  return found.length > 0 ? { operation: found.map(({ code, definition }) => ({ name: code, definition })) } : {};
}

/** What installed guides add to the statement. */
interface Guides {
  /** Canonicals of the guides. */
  readonly canonicals: readonly string[];
  /** Profiles by the type that they are about. */
  readonly profiles: ReadonlyMap<string, readonly string[]>;
}

async function readGuides({ guides }: Context): Promise<Guides> {
  const [installed, found] = await Promise.all([guides.guides(), guides.profiles()]);
  const profiles = new Map<string, string[]>();
  for (const { type, url } of found) profiles.set(type, [...(profiles.get(type) ?? []), url]);
  const canonicals = installed.flatMap(({ canonical, version }) => (canonical ? [`${canonical}|${version}`] : []));
  return { canonicals, profiles };
}

function resourceOf(type: string, context: Context, { profiles }: Guides) {
  const supportedProfile = profiles.get(type);
  const interaction = interactionsOf(context.routes, false);
  const searchInclude = includesOf(type, context);
  return {
    type,
    profile: `http://hl7.org/fhir/StructureDefinition/${type}`,
    ...(supportedProfile && { supportedProfile }),
    interaction,
    versioning: 'versioned',
    readHistory: true,
    updateCreate: true,
    conditionalCreate: true,
    conditionalRead: 'full-support',
    conditionalUpdate: true,
    conditionalDelete: 'single',
    referencePolicy: ['literal', 'logical', ...(context.references.targets === 'check' ? ['enforced'] : []), 'local'],
    ...(searchInclude.length > 0 && { searchInclude }),
    searchParam: searchParametersOf(type, context),
    ...operationsOf(type),
  };
}

/** Of the parameters of the log only those that are the resource's, not those about the answer. */
function auditParameters() {
  return [...auditSearchParameters]
    .filter(([, { type }]) => type !== undefined)
    .map(([name, { type, documentation }]) => ({ name, type, documentation }));
}

function auditResource(context: Context) {
  return {
    type: 'AuditEvent',
    profile: 'http://hl7.org/fhir/StructureDefinition/AuditEvent',
    documentation: 'Written by the server alone; nothing changes or removes an entry.',
    interaction: interactionsOf(context.routes, true),
    versioning: 'no-version',
    searchParam: auditParameters(),
  };
}

function security() {
  const system = 'http://terminology.hl7.org/CodeSystem/restful-security-service';
  return {
    cors: false,
    service: [{ coding: [{ system, code: 'OAuth', display: 'OAuth' }], text: 'Bearer tokens with SMART scopes' }],
  };
}

function statement(context: Context, guides: Guides) {
  const types = [...context.definitions.resourceTypes.keys()].filter((type) => type !== 'AuditEvent');
  const system = context.routes.map(({ interaction }) => interaction).filter((code) => systemCodes.has(code));
  const codes = new Set(system.flatMap((code) => (code === 'transaction' ? ['transaction', 'batch'] : [code])));
  return {
    resourceType: 'CapabilityStatement',
    status: 'active',
    date: context.settings.started,
    kind: 'instance',
    software: { name: 'Vesta', version: context.settings.softwareVersion },
    implementation: { description: 'Vesta, a FHIR R4 data API', url: context.settings.baseUrl },
    fhirVersion: '4.0.1',
    format: ['application/fhir+json', 'json'],
    patchFormat: ['application/json-patch+json', 'application/fhir+json'],
    ...(guides.canonicals.length > 0 && { implementationGuide: guides.canonicals }),
    rest: [
      {
        mode: 'server',
        security: security(),
        resource: [...types.map((type) => resourceOf(type, context, guides)), auditResource(context)].sort((a, b) =>
          a.type < b.type ? -1 : 1,
        ),
        interaction: [...codes].map((code) => ({ code })),
        ...operationsOf(undefined),
      },
    ],
  };
}

/** The statement is the same until conformance resources, or what can be searched by, change. */
const statements = new WeakMap<Context['library'], { readonly generation: string; readonly resource: object }>();

export const capabilities: Interaction = async (_input, context) => {
  const { library } = context;
  const generation = `${library.conformance.generation} ${context.searchParameters.generation}`;
  const known = statements.get(library);
  if (known && known.generation === generation) return { status: 200, resource: known.resource };
  const resource = statement(context, await readGuides(context));
  statements.set(library, { generation, resource });
  return { status: 200, resource };
};
