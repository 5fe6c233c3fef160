/** Validates resources against R4 and profiles: structure, cardinality, formats, invariants, codes, reference types, extensions, and whatever profiles add. https://hl7.org/fhir/R4/validation.html */
import type { Conformance } from '../fhir/conformance.ts';
import type { Definitions } from '../fhir/definitions.ts';
import { type Issue, isError } from '../fhir/issue.ts';
import type { Resource } from '../fhir/resource.ts';
import type { Terminology } from '../fhir/terminology.ts';
import { CheckContext, type Found, maximumWarnings, type Warning } from './check-context.ts';
import { containedIssues } from './contained.ts';
import { ElementPlaces, extensionIssues } from './extensions.ts';
import { fullUrlIssues } from './full-urls.ts';
import { follow, type Place } from './expression.ts';
import { createProfiles, profileIssues, type ProfilePolicy } from './profiles.ts';
import { createResolveWithin } from './resolve-within.ts';
import { createSchemaChecks } from './schema-checks.ts';
import { type Failure, toIssue } from './to-issue.ts';
import type { ProfileCheck } from '../profiles/check/create-profile-check.ts';

export interface ValidationRequest {
  /** FHIRPath of the resource (`Bundle.entry[3].resource`), its type by default. */
  readonly path?: string;
  /** `warning` also tells what should be otherwise; by default only errors are looked for. */
  readonly level?: 'error' | 'warning';
  /** The Bundle that it is an entry of: references among its entries are looked up there. */
  readonly bundle?: object;
  /** Profiles to check beside those that the resource claims, by canonical. */
  readonly profiles?: readonly string[];
}

/** At most 100 errors and 100 warnings, in the order of the resource; without an error it is valid. Takes time linear in the size of the resource. */
export type Validate = (resource: Resource, request?: ValidationRequest) => readonly Issue[];

export interface ValidatorOptions {
  readonly definitions: Definitions;
  /** Where profiles and the definitions of extensions are found. */
  readonly conformance: Conformance;
  readonly terminology: Terminology;
  readonly policy: ProfilePolicy;
}

const maximumIssues = 100;

type Json = Readonly<Record<string, unknown>>;

/** A resource still to be checked; `root` is the one that contains it or itself, `bundle` the one it is an entry of. */
interface Pending {
  readonly resource: Json;
  readonly expression: string;
  readonly root: Json;
  readonly bundle: Json | undefined;
}

interface Run {
  readonly request: ValidationRequest;
  readonly errors: Issue[];
  readonly warnings: Issue[];
  readonly pending: Pending[];
}

const badType = (resourceType: unknown, expression: string): Issue => ({
  severity: 'error',
  code: resourceType === undefined ? 'required' : 'structure',
  diagnostics: 'A resource needs a resourceType that R4 defines',
  expression: [`${expression}.resourceType`],
});

/** A value that breaks both the pattern and the format of its type is told of once. */
const isSame = (issue: Issue, last: Issue | undefined): boolean =>
  issue.diagnostics === last?.diagnostics && issue.expression?.[0] === last.expression?.[0];

/** Where references of a resource, or of those within it, are looked up. */
const bundleAround = (resource: Json, bundle: Json | undefined): Json | undefined =>
  resource['resourceType'] === 'Bundle' ? resource : bundle;

function contextOf({ resource, root, bundle }: Pending, wantsWarnings: boolean): CheckContext {
  let resolve: ((reference: string) => object | undefined) | undefined;
  return new CheckContext({
    resource,
    rootResource: root,
    resolve: (reference) => (resolve ??= createResolveWithin(root, bundleAround(resource, bundle)))(reference),
    wantsWarnings,
  });
}

/** What stands in a Bundle or Parameters is a root of its own; what is contained belongs to its container. */
function within({ resource, root, bundle }: Pending, { value, instancePath }: Found, expression: string): Pending {
  if (instancePath.startsWith('/contained')) return { resource: value, expression, root, bundle };
  return { resource: value, expression, root: value, bundle: bundleAround(resource, bundle) };
}

/** dom-6 is about every resource that has narrative. */
const withoutNarrative = (expression: string): Issue => ({
  severity: 'warning',
  code: 'invariant',
  diagnostics: 'dom-6: A resource should have narrative for robust management',
  expression: [expression],
});

/** What is said of a resource beside the failures of its schema. */
class ResourceChecks {
  readonly #options: ValidatorOptions & { readonly profiles: ProfileCheck; readonly places: ElementPlaces };
  readonly #checkOf: ReturnType<typeof createSchemaChecks>;

  constructor(options: ValidatorOptions) {
    const { definitions, terminology } = options;
    this.#options = { ...options, profiles: createProfiles(options), places: new ElementPlaces(definitions.elements) };
    // AJV may count two errors for one issue.
    this.#checkOf = createSchemaChecks({ definitions, terminology, limit: 2 * maximumIssues });
  }

  /** Adds the issues of one resource, and the resources within it to those pending. */
  validate(next: Pending, run: Run, profiles: readonly string[]): void {
    const { resource, expression } = next;
    const { resourceType } = resource;
    const check = typeof resourceType === 'string' ? this.#checkOf(resourceType) : undefined;
    if (!check) {
      run.errors.push(badType(resourceType, expression));
      return;
    }
    const { elements } = this.#options.definitions;
    const place: Place = { expression, type: String(resourceType) };
    const context = contextOf(next, run.request.level === 'warning');
    const before = run.errors.length;
    this.#addFailures(check(resource, context), context.warnings, place, run);
    run.errors.push(...containedIssues(resource, expression, maximumIssues));
    if (context.wantsWarnings) run.warnings.push(...fullUrlIssues(resource, expression, maximumWarnings));
    if (context.wantsWarnings && lacksNarrative(next, elements)) run.warnings.push(withoutNarrative(expression));
    const keep = (issue: Issue): void => void (isError(issue) ? run.errors : run.warnings).push(issue);
    extensionIssues(context, place, this.#options).forEach(keep);
    // Profiles take what R4 itself demands for granted.
    if (run.errors.length === before) profileIssues(context, { place, profiles }, this.#options).forEach(keep);
    for (const found of context.nested) {
      run.pending.push(within(next, found, follow(elements, place, found.instancePath).expression));
    }
  }

  #addFailures(errors: readonly Failure[], warnings: readonly Warning[], place: Place, run: Run): void {
    const { elements } = this.#options.definitions;
    for (const error of errors) {
      const issue = toIssue(elements, place, error);
      if (issue && !isSame(issue, run.errors.at(-1))) run.errors.push(issue);
    }
    for (const warning of warnings) {
      const issue = toIssue(elements, place, warning, 'warning');
      if (issue) run.warnings.push(issue);
    }
  }
}

/** What is contained is shown by the narrative of its container. */
function lacksNarrative({ resource, root }: Pending, elements: Definitions['elements']): boolean {
  const type = elements.type(String(resource['resourceType']));
  return resource === root && type?.elements['text'] !== undefined && resource['text'] === undefined;
}

/** The schemas are compiled when their type is first met (about 10 ms each). */
export function createValidator(options: ValidatorOptions): Validate {
  const { resourceTypes } = options.definitions;
  const checks = new ResourceChecks(options);
  return (resource, request = {}) => {
    const type = resourceTypes.has(resource.resourceType) ? resource.resourceType : 'Resource';
    const first = {
      resource,
      expression: request.path ?? type,
      root: resource,
      bundle: request.bundle as Json | undefined,
    };
    const run: Run = { request, errors: [], warnings: [], pending: [first] };
    for (const next of run.pending) {
      if (run.errors.length >= maximumIssues) break;
      checks.validate(next, run, next === first ? (request.profiles ?? []) : []);
    }
    const errors = run.errors.slice(0, maximumIssues);
    return request.level === 'warning' ? [...errors, ...run.warnings.slice(0, maximumWarnings)] : errors;
  };
}
