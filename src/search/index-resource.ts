/** Resources to index rows: every search parameter of the type, every value. https://hl7.org/fhir/R4/search.html */
import type { Definitions } from '../fhir/definitions.ts';
import type { Resource } from '../fhir/resource.ts';
import type { SearchParameter, SearchParameterType } from '../fhir/search-parameter.ts';
import type { Visit } from '../fhirpath/compiled-path.ts';
import type { Hash, IndexedResource } from '../ports.ts';
import type { PatientsOf } from './compartments.ts';
import { identityOfInline } from './local-reference.ts';
import { localTargets } from './local-targets.ts';
import type { SearchParameters } from './parameters.ts';
import { RowCollector } from './row-collector.ts';
import { createSearchPaths } from './search-paths.ts';
import type { IndexContext, IndexSink, SearchType } from './search-type.ts';
import { targetKey } from './type-key.ts';

export interface IndexerOptions {
  readonly definitions: Pick<Definitions, 'elements'>;
  readonly parameters: SearchParameters;
  /** A type without an entry is not indexed. */
  readonly types: Readonly<Partial<Record<SearchParameterType, SearchType>>>;
  readonly hash: Hash;
  readonly patientsOf: PatientsOf;
  /** Of this server, without a slash at the end: absolute references to it are local. */
  readonly baseUrl?: string;
  /** True to index every reference to this server, also where no search parameter does, so that nothing that is referred to can be deleted. */
  readonly everyReference?: boolean;
}

/** Puts what one search parameter finds in a resource into the sink. */
type Extract = (resource: Resource, sink: IndexSink) => void;

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

/** Composites are not indexed: what they ask of one element would have to be kept together. */
function createPlans({
  definitions,
  parameters,
  types,
  hash,
  baseUrl,
}: IndexerOptions): (type: string) => readonly Extract[] {
  const paths = createSearchPaths(definitions, parameters);

  const extractOf = (resourceType: string, parameter: SearchParameter): readonly Extract[] => {
    const { code, type } = parameter;
    const searchType = type === 'composite' || columns.has(code) ? undefined : types[type];
    const path = searchType && paths(resourceType, code);
    if (!path) return [];
    const key = hash(`parameter|${resourceType}|${code}`);
    const base = { resourceType, code, key, hash, ...(baseUrl !== undefined && { baseUrl }) };
    const into = indexValues(parameter, searchType, base);
    return [(resource, sink) => path.evaluate(resource, into(sink))];
  };

  const planOf = (type: string): readonly Extract[] => {
    const typeKey = hash(`type|${type}`);
    const extracts = [...parameters.forType(type).values()].flatMap((parameter) => extractOf(type, parameter));
    return [(_resource, sink) => sink.token(typeKey), ...extracts];
  };

  const plans = new Map<string, readonly Extract[]>();
  return (type) => {
    const plan = plans.get(type) ?? planOf(type);
    if (parameters.forType(type).size > 0) plans.set(type, plan);
    return plan;
  };
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

/**
 * Makes the function that finds the index rows of a resource and the Patients it is about. Every resource gets the token
 * `type|<resource type>`, so that all of a type can be listed and counted like any other search. The resource must be
 * of a type of R4 and should be valid: what has an unexpected shape gives no rows. What is found is worked out per type once.
 */
export function createIndexer(options: IndexerOptions): (resource: Resource) => IndexedResource {
  const planFor = createPlans(options);
  return (resource) => {
    const collector = new RowCollector();
    for (const extract of planFor(resource.resourceType)) extract(resource, collector);
    if (options.everyReference) addEveryReference(resource, collector, options);
    return { rows: collector.rows(), patients: options.patientsOf(resource) };
  };
}
