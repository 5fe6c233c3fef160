/** Resources to index rows: every search parameter of the type, every value. https://hl7.org/fhir/R4/search.html */
import type { Definitions } from '../fhir/definitions.ts';
import type { Resource } from '../fhir/resource.ts';
import type { SearchParameter, SearchParameterType } from '../fhir/search-parameter.ts';
import type { CompiledPath, Visit } from '../fhirpath/compiled-path.ts';
import type { Hash, IndexedResource, ValueRows } from '../ports.ts';
import type { CanonicalUnitOf } from './canonical-quantity.ts';
import { ownCanonicals } from './canonicals.ts';
import { partsOf } from './combined-parameters.ts';
import type { PatientsOf } from './compartments.ts';
import { componentsOf, compositeShape } from './composites.ts';
import { createCompositeIndexer } from './index-composite.ts';
import { companionsOf } from './companions.ts';
import { containedIn, placesOf } from './contained-in.ts';
import {
  aspectKey,
  canonicalKey,
  containedName,
  isContainedName,
  ownCanonicalKey,
  parameterKey,
  targetKey,
  tokenKey,
  typeKey,
  typeOfName,
} from './keys.ts';
import { identityOfInline } from './local-reference.ts';
import { localTargets } from './local-targets.ts';
import type { SearchParameters } from './parameters.ts';
import { RowCollector, type Surroundings } from './row-collector.ts';
import { pathShape } from './path-shape.ts';
import type { FullText } from './words/full-text.ts';
import { wordKeysOf } from './words/index-words.ts';
import { createSearchPaths, type SearchPaths } from './search-paths.ts';
import type { IndexContext, IndexSink, SearchType } from './search-type.ts';
import { isCaseless } from './types/token.ts';

export interface IndexerOptions {
  readonly definitions: Pick<Definitions, 'elements'>;
  readonly parameters: SearchParameters;
  /** A type without an entry is not indexed. */
  readonly types: Readonly<Partial<Record<SearchParameterType, SearchType>>>;
  readonly hash: Hash;
  readonly patientsOf: PatientsOf;
  readonly canonicalUnit: CanonicalUnitOf;
  /** Of this server, without a slash at the end: absolute references to it are local. */
  readonly baseUrl?: string;
  /** True to index every reference to this server, also where no search parameter does, so that nothing that is referred to can be deleted. */
  readonly everyReference?: boolean;
  /** Whose words are indexed; nobody's unless told. */
  readonly fullText?: FullText;
}

/** Puts what one search parameter finds in a resource into the sink. */
type Extract = (resource: Resource, rows: RowCollector) => void;

/** Searched in columns of the resource itself; and the last update is not known before the resource is written. */
const columns = new Set(['_id', '_lastUpdated']);

/** A resource in the place of a reference is indexed as a reference to itself. */
function inlineReference(value: unknown, targets: readonly string[]): { readonly reference: string } | undefined {
  const identity = identityOfInline(value);
  return identity && targets.includes(identity.type) ? { reference: `${identity.type}/${identity.id}` } : undefined;
}

/** Contexts by element type, made once for all resources. */
function contextsOf(base: Omit<IndexContext, 'elementType'>): (elementType: string) => IndexContext {
  const contexts = new Map<string, IndexContext>();
  return (elementType) => {
    let context = contexts.get(elementType);
    if (!context) {
      context = { ...base, elementType };
      contexts.set(elementType, context);
    }
    return context;
  };
}

function indexValues(parameter: SearchParameter, searchType: SearchType, base: Omit<IndexContext, 'elementType'>) {
  const contextOf = contextsOf(base);
  const targets = parameter.target ?? [];
  return (sink: IndexSink): Visit =>
    (value, elementType) => {
      if (elementType !== 'Resource') return searchType.index(value, contextOf(elementType), sink);
      const reference = inlineReference(value, targets);
      if (reference) searchType.index(reference, contextOf('Reference'), sink);
    };
}

type OwnRows = Exclude<keyof ValueRows, 'words'>;

/** Of a parameter's own values; those of tokens are not told apart from others, but the texts beside them are. */
const ownRows: Readonly<Partial<Record<SearchParameterType, OwnRows>>> = {
  date: 'dates',
  number: 'numbers',
  quantity: 'numbers',
  reference: 'references',
  string: 'strings',
  token: 'strings',
  uri: 'uris',
};

/** That there is a value shows in its rows where these stand under the key of the parameter; where they do not, it is said. */
function withPresence(
  path: CompiledPath,
  into: (sink: IndexSink) => Visit,
  own: OwnRows | undefined,
  presentKey: string,
): Extract {
  return (resource, rows) => {
    const visit = into(rows);
    let hasValue = false;
    const before = own && rows.countOf(own);
    path.evaluate(resource, (value, type) => {
      // a resource in the place of a reference may be none that the parameter leads to
      hasValue ||= type !== 'Resource';
      visit(value, type);
    });
    const isShown = own !== undefined && rows.countOf(own) !== before;
    if (hasValue && !isShown) rows.token(presentKey);
  };
}

/** A contained resource has no columns: its id is found, and sorted by, like any other value. */
function indexId(name: string, hash: Hash): readonly Extract[] {
  const key = parameterKey(hash, name, '_id');
  return [
    ({ id }, rows) => {
      if (id === undefined) return;
      rows.token(tokenKey(hash, key, { code: id }));
      rows.string(key, id);
    },
  ];
}

class Plans {
  readonly #options: IndexerOptions;
  readonly #paths: SearchPaths;
  #plans = new Map<string, readonly Extract[]>();
  #generation = 0;

  constructor(options: IndexerOptions) {
    this.#options = options;
    this.#paths = createSearchPaths(options.definitions, options.parameters);
  }

  /** `name` is that of a type; contained resources have one of their own. */
  of(name: string): readonly Extract[] {
    const { generation } = this.#options.parameters;
    if (generation !== this.#generation) {
      this.#plans = new Map();
      this.#generation = generation;
    }
    const plan = this.#plans.get(name) ?? this.#make(name);
    if (this.#options.parameters.forType(typeOfName(name)).size > 0) this.#plans.set(name, plan);
    return plan;
  }

  #make(name: string): readonly Extract[] {
    const { parameters, hash } = this.#options;
    const key = typeKey(hash, name);
    const own = [...parameters.forType(typeOfName(name)).values()];
    const extracts = own.flatMap((parameter) => this.#extractOf(name, parameter));
    const others = isContainedName(name) ? indexId(name, hash) : [this.#companions(name)];
    return [(_resource, rows) => rows.token(key), ...extracts, ...others];
  }

  #companions(type: string): Extract {
    const { parameters, hash, definitions } = this.#options;
    const add = companionsOf(type, parameters, { hash, elements: definitions.elements });
    return (_resource, rows) => add(rows);
  }

  #extractOf(name: string, parameter: SearchParameter): readonly Extract[] {
    const { hash, baseUrl, types, parameters, definitions, canonicalUnit } = this.#options;
    const { code, type, expression } = parameter;
    const resourceType = typeOfName(name);
    const path = this.#paths(resourceType, code);
    if (!path || expression === undefined || columns.has(code) || partsOf(resourceType, code, parameters)) return [];
    const key = parameterKey(hash, name, code);
    const system = type === 'token' ? pathShape(expression, resourceType, definitions.elements).system : undefined;
    const base = {
      resourceType,
      code,
      key,
      hash,
      canonicalUnit,
      ...(baseUrl !== undefined && { baseUrl }),
      ...(system !== undefined && { impliedSystem: system }),
      ...(type === 'token' && isCaseless(path.types) && { isCaseless: true }),
    };
    if (type === 'composite') return this.#composite(path, parameter, base);
    const searchType = types[type];
    if (!searchType) return [];
    const presentKey = aspectKey(hash, key, 'present');
    return [withPresence(path, indexValues(parameter, searchType, base), ownRows[type], presentKey)];
  }

  #composite(
    path: CompiledPath,
    parameter: SearchParameter,
    base: Omit<IndexContext, 'elementType'>,
  ): readonly Extract[] {
    const { parameters, definitions, types } = this.#options;
    const components = componentsOf(parameter, parameters);
    const shape = components && compositeShape(components);
    if (!shape) return [];
    const index = createCompositeIndexer(shape, base, { elements: definitions.elements, types });
    return [(resource, rows) => path.evaluate(resource, (element, type) => index(element, type, resource, rows))];
  }
}

/** Under a key that no search parameter has, unless it is indexed already. */
function addEveryReference(
  resource: Resource,
  rows: RowCollector,
  { definitions, hash, baseUrl = '' }: IndexerOptions,
): void {
  const key = hash('parameter|any reference');
  const known = rows.targets();
  for (const { type, id } of localTargets(resource, { elements: definitions.elements, baseUrl })) {
    const target = targetKey(hash, `${type}/${id}`);
    // a resource may be deleted although it refers to itself
    const isOwn = type === resource.resourceType && id === resource.id;
    if (!isOwn && !known.has(target)) rows.reference(target, key);
  }
}

function addOwnCanonicals(resource: Resource, sink: IndexSink, { definitions, hash, baseUrl }: IndexerOptions): void {
  const options = { elements: definitions.elements, ...(baseUrl !== undefined && { baseUrl }) };
  for (const own of ownCanonicals(resource, options)) sink.reference(canonicalKey(hash, own), ownCanonicalKey(hash));
}

/**
 * Makes the function that finds the index rows of a resource and the Patients it is about. Every resource gets the token
 * `type|<resource type>`, so that all of a type can be listed and counted like any other search; so do the resources
 * that it contains, apart from all others. The resource must be of a type of R4 and should be valid: what has an
 * unexpected shape gives no rows. What is found is worked out per type once.
 */
export function createIndexer(options: IndexerOptions): (resource: Resource) => IndexedResource {
  const plans = new Plans(options);
  const { hash, fullText = 'off' } = options;

  function collect(resource: Resource, name: string, surroundings?: Surroundings): RowCollector {
    const collector = new RowCollector(surroundings);
    for (const extract of plans.of(name)) extract(resource, collector);
    collector.addWords(wordKeysOf(resource, { name, hash, level: fullText }));
    return collector;
  }

  const rowsOfContained = (one: Resource | undefined, surroundings: Surroundings): ValueRows =>
    (one ? collect(one, containedName(one.resourceType), surroundings) : new RowCollector()).rows();

  /** The rows of those that the resource contains, and its own that lead to them. */
  function withContained(resource: Resource, selfKey: string) {
    const contained = containedIn(resource);
    const surroundings = contained.length > 0 ? { selfKey, places: placesOf(contained) } : undefined;
    const own = collect(resource, resource.resourceType, surroundings);
    return { own, contained: surroundings && contained.map((one) => rowsOfContained(one, surroundings)) };
  }

  return (resource) => {
    // what is indexed may change meanwhile: then these rows are of the generation before
    const { generation } = options.parameters;
    const { resourceType, id = '' } = resource;
    const selfKey = targetKey(hash, `${resourceType}/${id}`);
    const { own, contained } = withContained(resource, selfKey);
    addOwnCanonicals(resource, own, options);
    if (options.everyReference) addEveryReference(resource, own, options);
    const rows = contained ? { ...own.rows(), contained } : own.rows();
    return { selfKey, generation, rows, patients: options.patientsOf(resource) };
  };
}
