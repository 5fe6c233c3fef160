/** Every door to the outside on one page: the rooms that compute know these shapes, `store/`, `auth/` and `audit/sinks` implement them, `app.ts` joins them. */
import type { Conformance, ConformanceType } from './fhir/conformance.ts';
import type { Issue } from './fhir/issue.ts';
import type { ResourceIdentity } from './fhir/resource.ts';
import type { SearchParameter } from './fhir/search-parameter.ts';
import type { ChangeMethod, StoredVersion } from './fhir/stored-version.ts';
import type { ResourceDocument } from './json/document.ts';
import type { ExplainedStatement, SearchPage, SearchPlan } from './search-ports.ts';

export type { ChangeMethod, StoredVersion } from './fhir/stored-version.ts';

/** The values of one resource in the index tables. Keys are signed 64-bit numbers as decimal strings, made by `Hash`. */
export interface ValueRows {
  readonly tokens: readonly string[];
  /** [target key, parameter key]; the target `#2` is the third resource of `contained`. */
  readonly references: readonly (readonly [target: string, parameter: string])[];
  /** [parameter key, low, high]: instants as ISO 8601 in UTC, `-infinity` or `infinity`; high is inclusive of the last millisecond of the value. */
  readonly dates: readonly (readonly [parameter: string, low: string, high: string])[];
  /** [parameter key, low, high] of numbers and quantities. */
  readonly numbers: readonly (readonly [parameter: string, low: number, high: number])[];
  /** [parameter key, folded value] */
  readonly strings: readonly (readonly [parameter: string, value: string])[];
  /** [parameter key, value] */
  readonly uris: readonly (readonly [parameter: string, value: string])[];
  /** Of words, each with its parameter. */
  readonly words: readonly string[];
}

/** The values of a resource, and of those that it contains. */
export interface IndexRows extends ValueRows {
  /** One for each resource of `contained`, in its order; absent when there is none. */
  readonly contained?: readonly ValueRows[];
}

/** 64 bits of a keyed hash as a signed decimal string; keyed, so that nobody can craft collisions. */
export type Hash = (text: string) => string;

/** What is stored with a version beside its text. `patients` are the logical ids of the Patients in whose compartment it is. */
export interface IndexedResource {
  /** What references to the resource point to, as key. */
  readonly selfKey: string;
  /** Which generation of search parameters the rows are of. */
  readonly generation: number;
  readonly rows: IndexRows;
  readonly patients: readonly string[];
}

/** One version to be written. */
export interface Change extends ResourceIdentity {
  readonly method: ChangeMethod;
  /** `create`: the id is new, made by the server. `update`: replaces or creates. `delete`: leaves a tombstone; of what does not exist it does nothing. */
  readonly kind: 'create' | 'update' | 'delete';
  /** The version the client believes to be current (If-Match); any other refuses the write set with 412. */
  readonly expectedVersion?: number;
  /** False forbids an update to create. */
  readonly mayCreate?: boolean;
  readonly document?: ResourceDocument;
  readonly indexed?: IndexedResource;
}

/** What became of a change: `created` and `updated` made a version; `unchanged` (deleting what is not there) made none. */
export interface ChangeResult extends StoredVersion {
  /** What should be otherwise, and was stored nevertheless. */
  readonly warnings?: readonly Issue[];
  readonly outcome: 'created' | 'updated' | 'deleted' | 'unchanged';
}

/** Changes that happen together or not at all, with the audit rows of what they became. */
export interface WriteSet {
  readonly changes: readonly Change[];
  audit(results: readonly ChangeResult[]): readonly AuditRecord[];
}

export interface HistoryScope {
  readonly type?: string;
  readonly id?: string;
  /** Only versions made at or after this instant. */
  readonly since?: string;
  readonly count: number;
  /** Continue below this position, as an earlier page gave it. */
  readonly before?: string;
}

export interface HistoryPage {
  readonly versions: readonly StoredVersion[];
  readonly total: number;
  /** Position for `before` of the next page; undefined on the last. */
  readonly next?: string;
}

/** Who refers to any of these targets, but for the resources named. Keys are those of the reference index. */
export interface ReferrerQuery {
  readonly targetKeys: readonly string[];
  readonly except: readonly ResourceIdentity[];
}

export interface Referrers {
  readonly type: string;
  readonly count: number;
}

/** Everything the interactions ask of storage. All but `transaction` may be called inside one. */
export interface ResourceStore {
  read(identity: ResourceIdentity): Promise<StoredVersion | undefined>;
  /** Current versions of those that exist, deleted ones included, in no order. */
  readMany(identities: readonly ResourceIdentity[]): Promise<readonly StoredVersion[]>;
  readVersion(identity: ResourceIdentity, version: number): Promise<StoredVersion | undefined>;
  history(scope: HistoryScope): Promise<HistoryPage>;
  search(plan: SearchPlan): Promise<SearchPage>;
  /** Runs a search and tells how. */
  explain(plan: SearchPlan): Promise<readonly ExplainedStatement[]>;
  /** Commits the write set, its audit rows included; results in the order of the changes. Refuses with a FhirError (409, 412). */
  write(writeSet: WriteSet): Promise<readonly ChangeResult[]>;
  /** Runs `work` as if the write set had been written, then takes it back; `work` must use this store. */
  rehearse<Value>(writeSet: WriteSet, work: (store: ResourceStore) => Promise<Value>): Promise<Value>;
  /** Those of the resources that exist, locked until the transaction ends: to `keep` them from being deleted, or to `change` them, which also keeps others from relying on them. Only inside a transaction. */
  lock(identities: readonly ResourceIdentity[], purpose: 'keep' | 'change'): Promise<readonly ResourceIdentity[]>;
  /** How many current resources refer to one of the targets. */
  referrers(query: ReferrerQuery): Promise<readonly Referrers[]>;
  /** Runs `work` alone among those who hold one of the same lock names (conditional criteria), on one database transaction. */
  transaction<Value>(locks: readonly string[], work: (store: ResourceStore) => Promise<Value>): Promise<Value>;
}

export type AuditOutcome = '0' | '4' | '8' | '12';
export type AuditAction = 'C' | 'R' | 'U' | 'D' | 'E';

/** One line of the audit log: who did what to whose data, and what came of it. One per patient concerned. https://hl7.org/fhir/R4/auditevent.html */
export interface AuditRecord {
  /** ISO instant. */
  readonly recorded: string;
  readonly requestId: string;
  /** Who: the subject of the token; `anonymous` without one. */
  readonly agent: string;
  readonly client: string;
  /** IP address the request came from. */
  readonly address: string;
  /** FHIR's code: `read`, `search-type`, `transaction`, or `$operation`. */
  readonly interaction: string;
  readonly action: AuditAction;
  readonly outcome: AuditOutcome;
  /** HTTP status of the answer. */
  readonly status: number;
  readonly resourceType?: string;
  readonly resourceId?: string;
  readonly version?: number;
  /** Logical id of the Patient concerned. */
  readonly patient?: string;
  /** The search as it was asked, never a body. */
  readonly query?: string;
}

/** An audit record as stored; `id` is its logical id as an AuditEvent and rises with time of arrival. */
export interface StoredAuditRecord extends AuditRecord {
  readonly id: string;
}

/** Filters of the audit log, all optional and ANDed; lists are ORed. */
export interface AuditFilter {
  readonly ids?: readonly string[];
  /** Inclusive bounds as ISO instants. */
  readonly from?: string;
  readonly to?: string;
  readonly patients?: readonly string[];
  readonly agents?: readonly string[];
  readonly actions?: readonly AuditAction[];
  readonly outcomes?: readonly AuditOutcome[];
  /** FHIR interaction codes (AuditEvent.subtype). */
  readonly interactions?: readonly string[];
  readonly resources?: readonly { readonly type: string; readonly id?: string }[];
}

export interface AuditQuery extends AuditFilter {
  readonly count: number;
  /** Oldest first instead of newest first. */
  readonly ascending?: boolean;
  /** Continue after this id in the given order. */
  readonly after?: string;
}

export interface AuditTrail {
  /** Resolves once the records are durable; rejects with FhirError 503 when they cannot be. */
  record(records: readonly AuditRecord[]): Promise<void>;
  find(query: AuditQuery): Promise<readonly StoredAuditRecord[]>;
  count(filter: AuditFilter): Promise<number>;
}

/** Who is calling. */
export interface Caller {
  readonly agent: string;
  readonly client: string;
  /** SMART-style scopes, `system/*.cruds` and the like. */
  readonly scopes: readonly string[];
}

export interface TokenVerifier {
  /** The caller of a bearer token, or undefined when it is unknown, expired or revoked. */
  verify(token: string): Promise<Caller | undefined>;
}

/** Facts that computing needs and memory may lack. Whoever computes and finds `hasMisses` lets them settle and computes again. */
export interface Lookups {
  /** True when something was asked for that is neither in memory nor known to be absent. */
  readonly hasMisses: boolean;
  /** Loads what was asked for; resolves to true when anything new is known. */
  settle(): Promise<boolean>;
}

/** The conformance resources of this server: bundled with it, of installed guides, and stored by clients. */
export interface ConformanceLibrary extends Lookups {
  readonly conformance: Conformance;
  /** Forgets what was loaded: something was written. */
  invalidate(): void;
}

/** An implementation guide, as its package names it. */
export interface Guide {
  readonly name: string;
  readonly version: string;
  readonly title?: string;
  /** The URL that its canonicals begin with. */
  readonly canonical?: string;
}

export interface InstalledGuide extends Guide {
  /** ISO instant. */
  readonly added: string;
  /** How many resources of each type it brought. */
  readonly counts: Readonly<Record<string, number>>;
}

/** One resource of a guide; `text` is its JSON as the package has it. */
export interface GuideResource {
  readonly type: string;
  readonly url?: string;
  readonly version?: string;
  readonly text: string;
}

/** What a conformance resource is found by: no version, because several may be stored. */
export interface CanonicalIdentity {
  readonly type: ConformanceType;
  readonly url: string;
}

export interface StoredCanonical extends CanonicalIdentity {
  readonly resource: object;
  /** UTF-16 units of its text. */
  readonly size: number;
}

/** A profile that an installed guide defines, and the resource type that it is about. */
export interface GuideProfile {
  readonly type: string;
  readonly url: string;
}

/** Conformance resources of installed guides and of clients. */
export interface ConformanceStore {
  /** Every current resource of these canonicals, those of guides first, and of each kind the latest written last. */
  load(wanted: readonly CanonicalIdentity[]): Promise<readonly StoredCanonical[]>;
  guides(): Promise<readonly InstalledGuide[]>;
  profiles(): Promise<readonly GuideProfile[]>;
  /** The active search parameters that clients stored and installed guides define, those that count more first. */
  searchParameters(): Promise<readonly SearchParameter[]>;
  /** Calls `listener` whenever conformance resources may have changed, in whatever process, until the returned function is called. */
  changed(listener: () => void): () => void;
}
