/** What a page brings along: the resources that its matches point to and those that point to them, as far as `:iterate` goes. https://hl7.org/fhir/R4/search.html#include */
import { forbidden } from '../../fhir/fhir-error.ts';
import type { Issue } from '../../fhir/issue.ts';
import type { Resource, ResourceIdentity } from '../../fhir/resource.ts';
import type { StoredVersion } from '../../ports.ts';
import {
  compileCanonicalIncludes,
  compileRevincludes,
  type ReferenceParameter,
} from '../../search/compile-includes.ts';
import { linkKinds } from '../../search/link-kinds.ts';
import type { Include, SearchQuery } from '../../search/search-query.ts';
import { searchContext } from '../conditional.ts';
import type { Context } from '../interaction.ts';
import { canonicalTypes, codesOf, leadingBy } from './include-parameters.ts';

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

const typesOf = (versions: readonly StoredVersion[]): readonly string[] => [
  ...new Set(versions.map(({ type }) => type)),
];

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

  /** What one resource points to. Only its text says where to, so it is read for this alone. */
  #targetsIn({ type, text = '{}' }: StoredVersion, includes: readonly Include[]): readonly ResourceIdentity[] {
    const wanted = includes.flatMap((include) =>
      codesOf(include, type, this.#context).map((code) => ({ code, target: include.target })),
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

  /** Only what the token allows to read; that there is more is said. */
  #allowed<Identity extends ResourceIdentity>(found: readonly Identity[]): readonly Identity[] {
    const fresh = found.filter((identity) => !this.#seen.has(keyOf(identity)));
    const allowed = fresh.filter(({ type }) => this.#context.access.permits('read', type));
    if (allowed.length < fresh.length) this.#warn('The token does not allow to read some of the included types');
    return allowed.slice(0, this.#room(allowed.length));
  }

  async #forward(versions: readonly StoredVersion[], includes: readonly Include[]): Promise<readonly StoredVersion[]> {
    if (includes.length === 0) return [];
    const literal = await this.#context.store.readMany(this.#allowed(this.#targetsOf(versions, includes)));
    return [...this.#add(literal), ...(await this.#canonicals(versions, includes))];
  }

  /** Where canonicals of the resources lead: whatever is stored here with such a URL. */
  async #canonicals(versions: readonly StoredVersion[], includes: readonly Include[]) {
    const added: StoredVersion[] = [];
    for (const include of includes) {
      const own = typesOf(versions).flatMap((type) =>
        codesOf(include, type, this.#context).map((code) => ({ type, code })),
      );
      const parameters = leadingBy('canonical', own, this.#context);
      const types = canonicalTypes(this.#context).filter((type) => (include.target ?? type) === type);
      if (parameters.length === 0 || types.length === 0) continue;
      const scope = { parameters, matches: versions, limit: this.#most, types };
      const { rows } = await this.#context.store.search(compileCanonicalIncludes(scope, searchContext(this.#context)));
      added.push(...this.#add(this.#allowed(rows)));
    }
    return added;
  }

  /** Rows that are looked at: one more than could be added. */
  get #most(): number {
    return maximumIncludes + this.#seen.size + 1;
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
    const types = typesOf(versions);
    const parameters = includes.flatMap((include) => this.#parametersOf(include, new Set(types)));
    const canHave = { literal: true, canonical: canonicalTypes(this.#context).some((type) => types.includes(type)) };
    const added: StoredVersion[] = [];
    for (const via of linkKinds) {
      const leading = canHave[via] ? leadingBy(via, parameters, this.#context) : [];
      if (leading.length === 0) continue;
      const scope = { parameters: leading, matches: versions, limit: this.#most, via };
      const { rows } = await this.#context.store.search(compileRevincludes(scope, this.#context));
      const fresh = rows.filter((row) => !this.#seen.has(keyOf(row)));
      added.push(...this.#add(fresh.slice(0, this.#room(fresh.length))));
    }
    return added;
  }

  /** How many of so many there is room for. */
  #room(wanted: number): number {
    const room = maximumIncludes - this.#found.size;
    if (wanted > room) this.#warn(`Only ${maximumIncludes} resources are included in a page`);
    return Math.min(wanted, room);
  }

  #add(versions: readonly StoredVersion[]): readonly StoredVersion[] {
    const { includedSince = '' } = this.#query;
    const fresh = versions.filter(
      (version) => !version.deleted && version.lastUpdated >= includedSince && !this.#seen.has(keyOf(version)),
    );
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
      const forward = await this.#forward(latest, includes);
      const backward = await this.#backward(latest, revincludes);
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
