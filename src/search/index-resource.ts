/** Resources to index rows: every search parameter of the type, every value. https://hl7.org/fhir/R4/search.html */
import type { Definitions } from '../fhir/definitions.ts';
import type { Resource } from '../fhir/resource.ts';
import type { SearchParameter, SearchParameterType } from '../fhir/search-parameter.ts';
import type { CompiledPath, Visit } from '../fhirpath/compiled-path.ts';
import type { Hash, IndexedResource, IndexRows } from '../ports.ts';
import type { CanonicalUnitOf } from './canonical-quantity.ts';
import { ownCanonicals } from './canonicals.ts';
import { partsOf } from './combined-parameters.ts';
import type { PatientsOf } from './compartments.ts';
import { componentsOf, compositeShape } from './composites.ts';
import { createCompositeIndexer } from './index-composite.ts';
import { aspectKey, canonicalKey, ownCanonicalKey, parameterKey, patientDateKey, targetKey, typeKey } from './keys.ts';
import { identityOfInline } from './local-reference.ts';
import { localTargets } from './local-targets.ts';
import type { SearchParameters } from './parameters.ts';
import { RowCollector } from './row-collector.ts';
import { pathShape } from './path-shape.ts';
import type { FullText } from './words/full-text.ts';
import { wordKeysOf } from './words/index-words.ts';
import { createSearchPaths, type SearchPaths } from './search-paths.ts';
import type { IndexContext, IndexSink, SearchType } from './search-type.ts';

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

type OwnRows = Exclude<keyof IndexRows, 'words'>;

/** Of a parameter's own values; those of tokens are not told apart from others. */
const ownRows: Readonly<Partial<Record<SearchParameterType, OwnRows>>> = {
  date: 'dates',
  number: 'numbers',
  quantity: 'numbers',
  reference: 'references',
  string: 'strings',
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

class Plans {
  readonly #options: IndexerOptions;
  readonly #paths: SearchPaths;
  #plans = new Map<string, readonly Extract[]>();
  #generation = 0;

  constructor(options: IndexerOptions) {
    this.#options = options;
    this.#paths = createSearchPaths(options.definitions, options.parameters);
  }

  of(type: string): readonly Extract[] {
    const { generation } = this.#options.parameters;
    if (generation !== this.#generation) {
      this.#plans = new Map();
      this.#generation = generation;
    }
    const plan = this.#plans.get(type) ?? this.#make(type);
    if (this.#options.parameters.forType(type).size > 0) this.#plans.set(type, plan);
    return plan;
  }

  #make(type: string): readonly Extract[] {
    const { parameters, hash } = this.#options;
    const key = typeKey(hash, type);
    const own = [...parameters.forType(type).values()];
    const extracts = own.flatMap((parameter) => this.#extractOf(type, parameter));
    return [(_resource, rows) => rows.token(key), ...extracts, ...this.#patientDates(type, own)];
  }

  #extractOf(resourceType: string, parameter: SearchParameter): readonly Extract[] {
    const { hash, baseUrl, types, parameters, definitions, canonicalUnit } = this.#options;
    const { code, type, expression } = parameter;
    const path = this.#paths(resourceType, code);
    if (!path || expression === undefined || columns.has(code) || partsOf(resourceType, code, parameters)) return [];
    const key = parameterKey(hash, resourceType, code);
    const system = type === 'token' ? pathShape(expression, resourceType, definitions.elements).system : undefined;
    const base = {
      resourceType,
      code,
      key,
      hash,
      canonicalUnit,
      ...(baseUrl !== undefined && { baseUrl }),
      ...(system !== undefined && { impliedSystem: system }),
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

  /** The dates of a resource once more for each patient that it is about. */
  #patientDates(type: string, parameters: readonly SearchParameter[]): readonly Extract[] {
    const { hash } = this.#options;
    const dates = new Set(
      parameters
        .filter((one) => one.type === 'date' && !columns.has(one.code))
        .map(({ code }) => parameterKey(hash, type, code)),
    );
    if (dates.size === 0 || !parameters.some(({ code }) => code === 'patient')) return [];
    const patient = parameterKey(hash, type, 'patient');
    return [
      (_resource, rows) => {
        const { references, dates: found } = rows.rows();
        const targets = references.filter(([, parameter]) => parameter === patient).map(([target]) => target);
        for (const [key, low, high] of found) {
          if (!dates.has(key)) continue;
          for (const target of targets) rows.date(patientDateKey(hash, key, target), low, high);
        }
      },
    ];
  }
}

/** Under a key that no search parameter has. */
function addEveryReference(
  resource: Resource,
  sink: IndexSink,
  { definitions, hash, baseUrl = '' }: IndexerOptions,
): void {
  const key = hash('parameter|any reference');
  for (const { type, id } of localTargets(resource, { elements: definitions.elements, baseUrl })) {
    // a resource may be deleted although it refers to itself
    if (type !== resource.resourceType || id !== resource.id) sink.reference(targetKey(hash, `${type}/${id}`), key);
  }
}

function addOwnCanonicals(resource: Resource, sink: IndexSink, { definitions, hash, baseUrl }: IndexerOptions): void {
  const options = { elements: definitions.elements, ...(baseUrl !== undefined && { baseUrl }) };
  for (const own of ownCanonicals(resource, options)) sink.reference(canonicalKey(hash, own), ownCanonicalKey(hash));
}

/**
 * Makes the function that finds the index rows of a resource and the Patients it is about. Every resource gets the token
 * `type|<resource type>`, so that all of a type can be listed and counted like any other search. The resource must be
 * of a type of R4 and should be valid: what has an unexpected shape gives no rows. What is found is worked out per type once.
 */
export function createIndexer(options: IndexerOptions): (resource: Resource) => IndexedResource {
  const plans = new Plans(options);
  return (resource) => {
    // what is indexed may change meanwhile: then these rows are of the generation before
    const { generation } = options.parameters;
    const collector = new RowCollector();
    for (const extract of plans.of(resource.resourceType)) extract(resource, collector);
    addOwnCanonicals(resource, collector, options);
    if (options.everyReference) addEveryReference(resource, collector, options);
    collector.addWords(wordKeysOf(resource, options.hash, options.fullText ?? 'off'));
    const { resourceType, id = '' } = resource;
    const selfKey = targetKey(options.hash, `${resourceType}/${id}`);
    return { selfKey, generation, rows: collector.rows(), patients: options.patientsOf(resource) };
  };
}
