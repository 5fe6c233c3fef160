/** What a page brings along: the resources that its matches point to and those that point to them, as far as `:iterate` goes. https://hl7.org/fhir/R4/search.html#include */
import { forbidden } from '../../fhir/fhir-error.ts';
import type { Issue } from '../../fhir/issue.ts';
import type { Resource, ResourceIdentity } from '../../fhir/resource.ts';
import type { StoredVersion } from '../../ports.ts';
import { compileRevincludes, type ReferenceParameter } from '../../search/compile-revincludes.ts';
import type { Include, SearchQuery } from '../../search/search-query.ts';
import type { Context } from '../interaction.ts';

/** Included resources of a page; that there are more is said, never passed over in silence. */
const maximumIncludes = 1_000;
/** Steps from the matches. Longer ways go in circles or lead to half the store. */
const maximumRounds = 10;

const warning = (diagnostics: string): Issue => ({ severity: 'warning', code: 'incomplete', diagnostics });

/** What is added to a page, and what the client must know of it. */
export interface Included {
  readonly versions: readonly StoredVersion[];
  readonly issues: readonly Issue[];
}

const keyOf = ({ type, id }: ResourceIdentity): string => `${type}/${id}`;

class Gathering {
  readonly #query: SearchQuery;
  readonly #context: Context;
  readonly #found = new Map<string, StoredVersion>();
  readonly #seen: Set<string>;
  readonly #issues = new Map<string, Issue>();

  constructor(query: SearchQuery, matches: readonly StoredVersion[], context: Context) {
    this.#query = query;
    this.#context = context;
    this.#seen = new Set(matches.map(keyOf));
  }

  #warn(diagnostics: string): void {
    this.#issues.set(diagnostics, warning(diagnostics));
  }

  /** Of reference parameters the codes: one, or all of the type. */
  #codesOf({ type, code }: Include, resourceType: string): readonly string[] {
    if (type !== '*' && type !== resourceType) return [];
    if (code !== '*') return [code];
    const parameters = [...this.#context.searchParameters.forType(resourceType).values()];
    return parameters.filter((parameter) => parameter.type === 'reference').map((parameter) => parameter.code);
  }

  /** What one resource points to. Only its text says where to, so it is read for this alone. */
  #targetsIn({ type, text = '{}' }: StoredVersion, includes: readonly Include[]): readonly ResourceIdentity[] {
    const wanted = includes.flatMap((include) =>
      this.#codesOf(include, type).map((code) => ({ code, target: include.target })),
    );
    if (wanted.length === 0) return [];
    const resource = JSON.parse(text) as Resource;
    return wanted.flatMap(({ code, target }) =>
      this.#context.referencesOf(resource, code).filter((found) => target === undefined || found.type === target),
    );
  }

  #targetsOf(versions: readonly StoredVersion[], includes: readonly Include[]): readonly ResourceIdentity[] {
    const targets = versions.flatMap((version) => this.#targetsIn(version, includes));
    return [...new Map(targets.map((identity) => [keyOf(identity), identity])).values()];
  }

  async #forward(versions: readonly StoredVersion[], includes: readonly Include[]): Promise<readonly StoredVersion[]> {
    if (includes.length === 0) return [];
    const fresh = this.#targetsOf(versions, includes).filter((identity) => !this.#seen.has(keyOf(identity)));
    const allowed = fresh.filter(({ type }) => this.#context.access.permits('read', type));
    if (allowed.length < fresh.length) this.#warn('The token does not allow to read some of the included types');
    return this.#context.store.readMany(allowed.slice(0, this.#room(allowed.length)));
  }

  /** The reference parameters that an include stands for, where they lead to one of the types. */
  #parametersOf({ type, code, target }: Include, types: ReadonlySet<string>): readonly ReferenceParameter[] {
    const { searchParameters, definitions, access } = this.#context;
    const referring = type === '*' ? [...definitions.resourceTypes.keys()] : [type];
    const leadsHere = (targets: readonly string[] | undefined) =>
      targets === undefined || targets.some((one) => types.has(one) && (target === undefined || one === target));
    return referring.flatMap((one) => {
      const parameters = [...searchParameters.forType(one).values()].filter(
        (parameter) =>
          parameter.type === 'reference' && (code === '*' || parameter.code === code) && leadsHere(parameter.target),
      );
      if (parameters.length === 0 || access.permits('read', one)) {
        return parameters.map((parameter) => ({ type: one, code: parameter.code }));
      }
      if (type !== '*') throw forbidden(`The token does not allow to read ${one}`);
      this.#warn('The token does not allow to read some of the included types');
      return [];
    });
  }

  async #backward(versions: readonly StoredVersion[], includes: readonly Include[]): Promise<readonly StoredVersion[]> {
    if (includes.length === 0) return [];
    const types = new Set(versions.map(({ type }) => type));
    const parameters = includes.flatMap((include) => this.#parametersOf(include, types));
    if (parameters.length === 0) return [];
    const scope = { parameters, matches: versions, limit: maximumIncludes + this.#seen.size + 1 };
    const { rows } = await this.#context.store.search(compileRevincludes(scope, this.#context));
    const fresh = rows.filter((row) => !this.#seen.has(keyOf(row)));
    return fresh.slice(0, this.#room(fresh.length));
  }

  /** How many of so many there is room for. */
  #room(wanted: number): number {
    const room = maximumIncludes - this.#found.size;
    if (wanted > room) this.#warn(`Only ${maximumIncludes} resources are included in a page`);
    return Math.min(wanted, room);
  }

  #add(versions: readonly StoredVersion[]): readonly StoredVersion[] {
    const fresh = versions.filter((version) => !version.deleted && !this.#seen.has(keyOf(version)));
    for (const version of fresh) {
      this.#seen.add(keyOf(version));
      this.#found.set(keyOf(version), version);
    }
    return fresh;
  }

  async gather(matches: readonly StoredVersion[]): Promise<Included> {
    const isIterating = ({ iterate }: Include) => iterate;
    let { includes, revincludes } = this.#query;
    let latest = matches;
    for (let round = 0; latest.length > 0 && includes.length + revincludes.length > 0; round += 1) {
      if (round === maximumRounds) {
        this.#warn(`Included resources are followed ${maximumRounds} steps far`);
        break;
      }
      const forward = this.#add(await this.#forward(latest, includes));
      const backward = this.#add(await this.#backward(latest, revincludes));
      latest = [...forward, ...backward];
      includes = includes.filter(isIterating);
      revincludes = revincludes.filter(isIterating);
    }
    return { versions: [...this.#found.values()], issues: [...this.#issues.values()] };
  }
}

/** Each resource once, none of them a match. Throws a FhirError 403 for an include of a type that the caller may not read. */
export async function findIncluded(
  query: SearchQuery,
  matches: readonly StoredVersion[],
  context: Context,
): Promise<Included> {
  return new Gathering(query, matches, context).gather(matches);
}
