/** What every interaction is: a function from an input and a context to a result. Nothing here knows HTTP's machinery or SQL. https://hl7.org/fhir/R4/http.html */
import type {
  AuditTrail,
  Caller,
  Change,
  ChangeResult,
  ConformanceLibrary,
  ConformanceStore,
  Hash,
  IndexedResource,
  ResourceStore,
  StoredVersion,
} from '../ports.ts';
import type { Access } from '../auth/access.ts';
import type { Definitions } from '../fhir/definitions.ts';
import type { Issue } from '../fhir/issue.ts';
import type { Terminology } from '../fhir/terminology.ts';
import type { ValidationRequest } from '../validation/validate.ts';
import type { Resource, ResourceIdentity } from '../fhir/resource.ts';
import type { ResourceDocument } from '../json/document.ts';
import type { ReferencePolicy } from './reference-policy.ts';
import type { FullText } from '../search/words/full-text.ts';
import type { CanonicalUnitOf } from '../search/canonical-quantity.ts';
import type { SearchRegistry } from '../search/search-registry.ts';
import type { ValueShapes } from '../search/search-scope.ts';
import type { Subset } from '../search/subset/subset.ts';

/** The codes of https://hl7.org/fhir/R4/valueset-system-restful-interaction.html and its type-level sibling. */
export type InteractionCode =
  | 'read'
  | 'vread'
  | 'create'
  | 'update'
  | 'patch'
  | 'delete'
  | 'history-instance'
  | 'search-compartment'
  | 'history-type'
  | 'history-system'
  | 'search-type'
  | 'search-system'
  | 'batch'
  | 'transaction'
  | 'capabilities'
  | OperationName;

/** `$validate` */
export type OperationName = `$${string}`;

/** `name=value` pairs in the order they came, decoded. */
export type Parameters = readonly (readonly [name: string, value: string])[];

/** The body as bytes, with its media type in lower case and without parameters. */
export interface Body {
  readonly bytes: Uint8Array;
  readonly mediaType: string;
}

/** Headers that change what an interaction does; entries of Bundles carry the same. Values are as they came. */
export interface Conditions {
  readonly ifMatch?: string;
  readonly ifNoneMatch?: string;
  readonly ifModifiedSince?: string;
  readonly ifNoneExist?: string;
}

/** The `Prefer` header. https://hl7.org/fhir/R4/http.html#ops */
export interface Preferences {
  readonly return?: 'minimal' | 'representation' | 'OperationOutcome';
  readonly handling: 'strict' | 'lenient';
}

/** One request, or one entry of a Bundle: they are the same to an interaction. */
export interface Input {
  readonly interaction: InteractionCode;
  readonly type?: string;
  readonly id?: string;
  readonly version?: string;
  /** Of a compartment: the resource type in it, or `*`. */
  readonly member?: string;
  readonly parameters: Parameters;
  readonly body?: Body;
  /** The resource of a Bundle entry, already read. */
  readonly document?: ResourceDocument;
  readonly conditions: Conditions;
  readonly prefer: Preferences;
  /** Of an operation: the interaction whose permission it needs. */
  readonly permission?: InteractionCode;
}

/** What to answer. `text` is the JSON of a stored resource or Bundle, sent as it is; `resource` is one made for the answer. */
export interface Result {
  readonly status: number;
  readonly text?: string;
  readonly resource?: Resource | object;
  /** Gives ETag and Last-Modified. */
  readonly version?: StoredVersion;
  /** Relative to the base, such as `Patient/1/_history/2`. */
  readonly location?: string;
  /** Logical ids of the Patients whose data the answer shows. */
  readonly patients?: readonly string[];
  /** What it turned out to be, when the URL alone did not tell: a batch or a transaction. */
  readonly interaction?: InteractionCode;
}

/** A change and the interaction that its audit row will name. */
export interface AuditedChange {
  readonly change: Change;
  readonly interaction: InteractionCode;
}

/** What does not change from request to request. */
export interface Services {
  readonly store: ResourceStore;
  readonly audit: AuditTrail;
  readonly definitions: Definitions;
  readonly searchParameters: SearchRegistry;
  /** Begins to index every resource anew; goes on by itself. */
  restartIndexing(): Promise<void>;
  readonly hash: Hash;
  readonly settings: Settings;
  /** What this server wants of references. */
  readonly references: ReferencePolicy;
  readonly routes: readonly Route[];
  /** Profiles, value sets and code systems, as far as they are in memory. */
  readonly library: ConformanceLibrary;
  readonly terminology: Terminology;
  /** What installed guides bring. */
  readonly guides: Pick<ConformanceStore, 'guides' | 'profiles'>;
  /** Computes with what is in memory: call it through `settled`. */
  validate(resource: Resource, request?: ValidationRequest): readonly Issue[];
  index(resource: Resource): IndexedResource;
  readonly valueShapes: ValueShapes;
  readonly canonicalUnit: CanonicalUnitOf;
  /** What is indexed of texts. */
  readonly fullText: FullText;
  /** A part of a resource, as JSON like its text. */
  subsetOf(text: string, type: string, subset: Subset): string;
  /** What a reference parameter of a resource points to on this server. */
  referencesOf(resource: Resource, code: string): readonly ResourceIdentity[];
  now(): Date;
  newId(): string;
}

export interface Settings {
  /** Without a slash at the end, such as `http://localhost:8080/fhir`. */
  readonly baseUrl: string;
  /** Bytes of a resource. */
  readonly bodyLimit: number;
  /** Seals page cursors. */
  readonly cursorSecret: string;
  readonly softwareVersion: string;
  /** When the server started: ISO instant. */
  readonly started: string;
}

/** Who asks, from where. */
export interface Origin {
  readonly caller: Caller;
  readonly requestId: string;
  readonly address: string;
}

/** All that an interaction may use. `write` commits changes together with the audit rows of this request. */
export interface Context extends Services {
  readonly origin: Origin;
  readonly access: Access;
  write(changes: readonly AuditedChange[]): Promise<readonly ChangeResult[]>;
  /** Runs `work` with a context on one database transaction, alone among those who hold one of the same locks. */
  transaction<Value>(locks: readonly string[], work: (context: Context) => Promise<Value>): Promise<Value>;
}

export type Interaction = (input: Input, context: Context) => Promise<Result>;

export type Method = 'GET' | 'HEAD' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

/** A row of the route table. `path` is relative to the base; `:type`, `:id` and `:version` stand for one segment each. */
export interface Route {
  readonly interaction: InteractionCode;
  readonly method: Exclude<Method, 'HEAD'>;
  readonly path: string;
  readonly run: Interaction;
  /** True when anybody may ask without a token. */
  readonly open?: boolean;
  /** Of an operation: the interaction whose permission it needs. */
  readonly permission?: InteractionCode;
}
