/** What a package says of itself and the conformance resources in it. https://confluence.hl7.org/display/FHIR/NPM+Package+Specification */
import type { Resource } from '../fhir/resource.ts';
import { checkJson } from '../json/check-json.ts';
import type { Guide, GuideResource } from '../ports.ts';
import { packageEntries, type PackageEntry, type PackageLimits, quoted } from './package-entries.ts';
import { PackageFault } from './package-fault.ts';
import { isPackageName, isPackageVersion } from './package-name.ts';

export interface PackageManifest extends Guide {
  readonly fhirVersions: readonly string[];
  /** Versions by package name; `1.0.x` and the like stay as they are. */
  readonly dependencies: ReadonlyMap<string, string>;
}

/** A resource of a package, parsed besides, for whoever wants to look into it. */
export interface PackagedResource extends GuideResource {
  readonly resource: Resource;
}

const manifestName = 'package/package.json';
const keptTypes: ReadonlySet<string> = new Set([
  'StructureDefinition',
  'ValueSet',
  'CodeSystem',
  'ConceptMap',
  'SearchParameter',
  'NamingSystem',
  'OperationDefinition',
  'CapabilityStatement',
  'ImplementationGuide',
]);

/** Longer canonicals are of no use: nothing refers to them, and indexes cannot hold them. */
const longestUrl = 500;

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** A text that can be stored: PostgreSQL has no U+0000. */
const storableText = (value: unknown): string | undefined =>
  typeof value === 'string' && value !== '' && value.length <= longestUrl && !value.includes('\u0000')
    ? value
    : undefined;

function parse({ name, text }: PackageEntry): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new PackageFault(`${quoted(name)} is not JSON`, { cause });
  }
}

const strings = (value: unknown): readonly string[] =>
  Array.isArray(value) ? value.filter((one): one is string => typeof one === 'string') : [];

function readDependencies(value: unknown): ReadonlyMap<string, string> {
  const entries = isObject(value) ? Object.entries(value) : [];
  return new Map(
    entries.filter(
      (entry): entry is [string, string] =>
        isPackageName(entry[0]) && typeof entry[1] === 'string' && isPackageVersion(entry[1]),
    ),
  );
}

function toManifest(content: unknown): PackageManifest {
  if (!isObject(content)) throw new PackageFault('package.json is not a JSON object');
  const { name, version } = content;
  if (typeof name !== 'string' || !isPackageName(name)) throw new PackageFault('package.json has no usable name');
  if (typeof version !== 'string' || !isPackageVersion(version)) {
    throw new PackageFault('package.json has no usable version');
  }
  const fhirVersions = strings(content['fhirVersions'] ?? content['fhir-version-list']);
  if (!fhirVersions.some((one) => /^4\.0(?:\.|$)/.test(one))) {
    const given = fhirVersions.map(quoted).join(', ') || 'no FHIR version';
    throw new PackageFault(`${name}#${version} is not for FHIR R4 (4.0.x): it names ${given}`);
  }
  const title = storableText(content['title']);
  const canonical = storableText(content['canonical']);
  const dependencies = readDependencies(content['dependencies']);
  return { name, version, fhirVersions, dependencies, ...(title && { title }), ...(canonical && { canonical }) };
}

/** Reads `package.json`. Throws PackageFault, also when the package is not for R4. */
export async function readManifest(bytes: Uint8Array, limits?: PackageLimits): Promise<PackageManifest> {
  for await (const entry of packageEntries(bytes, (name) => name === manifestName, limits)) {
    return toManifest(parse(entry));
  }
  throw new PackageFault('The package has no package/package.json');
}

/** Files right in the folder of the package; examples and whatever else have folders of their own. */
const isDefinition = (name: string): boolean => /^package\/[^/.][^/]*\.json$/.test(name) && name !== manifestName;

function toResource(entry: PackageEntry): PackagedResource | undefined {
  const resource = parse(entry);
  if (!isObject(resource)) return undefined;
  const type = resource['resourceType'];
  if (typeof type !== 'string' || !keptTypes.has(type)) return undefined;
  const issue = checkJson(entry.text);
  if (issue) throw new PackageFault(`${quoted(entry.name)}: ${issue.diagnostics}`);
  const url = storableText(resource['url']);
  const version = storableText(resource['version']);
  const { text } = entry;
  return { type, text, resource: resource as Resource, ...(url && { url }), ...(version && { version }) };
}

/** The conformance resources of a package, one at a time; everything else in it is passed over. Throws PackageFault. */
export async function* readResources(bytes: Uint8Array, limits?: PackageLimits): AsyncGenerator<PackagedResource> {
  for await (const entry of packageEntries(bytes, isDefinition, limits)) {
    const resource = toResource(entry);
    if (resource) yield resource;
  }
}
