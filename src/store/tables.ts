/** The tables as Drizzle sees them: data only. `migrations/` makes them; a test keeps the two the same. What each is for stands in the migration. */
import {
  bigint,
  boolean,
  customType,
  doublePrecision,
  integer,
  jsonb,
  pgTable,
  smallint,
  text,
  timestamp,
} from 'drizzle-orm/pg-core';

/** 64-bit keys travel as decimal strings: a JavaScript number cannot hold them. */
const key = customType<{ data: string; driverData: string }>({ dataType: () => 'bigint' });
const bytes = customType<{ data: Buffer; driverData: Buffer }>({ dataType: () => 'bytea' });
const transactionId = customType<{ data: string; driverData: string }>({ dataType: () => 'xid8' });
const instant = (name: string) => timestamp(name, { withTimezone: true, precision: 3, mode: 'string' });
const moment = (name: string) => timestamp(name, { withTimezone: true, mode: 'string' });

export const setting = pgTable('setting', { name: text('name').primaryKey(), value: text('value').notNull() });

export const resource = pgTable('resource', {
  resourceKey: key('resource_key').primaryKey(),
  resourceType: smallint('resource_type').notNull(),
  id: text('id').notNull(),
  version: integer('version').notNull(),
  lastUpdated: instant('last_updated').notNull(),
  method: text('method').notNull(),
  deleted: boolean('deleted').notNull().default(false),
  indexVersion: smallint('index_version').notNull(),
  patients: text('patients').array().notNull(),
  indexRows: text('index_rows').notNull(),
  content: text('content'),
  selfKey: key('self_key'),
});

export const resourceHistory = pgTable('resource_history', {
  resourceKey: key('resource_key').notNull(),
  version: integer('version').notNull(),
  lastUpdated: instant('last_updated').notNull(),
  method: text('method').notNull(),
  deleted: boolean('deleted').notNull(),
  patients: text('patients').array().notNull(),
  content: text('content'),
});

export const changeLog = pgTable('change_log', {
  sequence: bigint('sequence', { mode: 'bigint' }).primaryKey().generatedAlwaysAsIdentity(),
  resourceType: smallint('resource_type').notNull(),
  resourceKey: key('resource_key').notNull(),
  version: integer('version').notNull(),
  method: text('method').notNull(),
  lastUpdated: instant('last_updated').notNull(),
  transactionId: transactionId('transaction_id').notNull(),
});

export const tokenIndex = pgTable('token_index', {
  tokenKey: key('token_key').notNull(),
  resourceKey: key('resource_key').notNull(),
});

export const referenceIndex = pgTable('reference_index', {
  targetKey: key('target_key').notNull(),
  parameterKey: key('parameter_key').notNull(),
  resourceKey: key('resource_key').notNull(),
});

export const dateIndex = pgTable('date_index', {
  parameterKey: key('parameter_key').notNull(),
  low: moment('low').notNull(),
  high: moment('high').notNull(),
  resourceKey: key('resource_key').notNull(),
});

export const numberIndex = pgTable('number_index', {
  parameterKey: key('parameter_key').notNull(),
  low: doublePrecision('low').notNull(),
  high: doublePrecision('high').notNull(),
  resourceKey: key('resource_key').notNull(),
});

export const stringIndex = pgTable('string_index', {
  parameterKey: key('parameter_key').notNull(),
  value: text('value').notNull(),
  resourceKey: key('resource_key').notNull(),
});

export const uriIndex = pgTable('uri_index', {
  parameterKey: key('parameter_key').notNull(),
  value: text('value').notNull(),
  resourceKey: key('resource_key').notNull(),
});

export const wordIndex = pgTable('word_index', {
  words: key('words').array().notNull(),
  resourceKey: key('resource_key').primaryKey(),
});

export const auditEvent = pgTable('audit_event', {
  auditKey: key('audit_key').primaryKey(),
  recorded: instant('recorded').notNull(),
  requestId: text('request_id').notNull(),
  agent: text('agent').notNull(),
  client: text('client').notNull(),
  address: text('address').notNull(),
  interaction: text('interaction').notNull(),
  action: text('action').notNull(),
  outcome: text('outcome').notNull(),
  status: smallint('status').notNull(),
  resourceType: text('resource_type'),
  resourceId: text('resource_id'),
  version: integer('version'),
  patient: text('patient'),
  query: text('query'),
});

export const client = pgTable('client', {
  clientId: text('client_id').primaryKey(),
  name: text('name').notNull(),
  created: instant('created').notNull().defaultNow(),
  disabled: instant('disabled'),
});

export const accessToken = pgTable('access_token', {
  tokenHash: bytes('token_hash').primaryKey(),
  tokenId: text('token_id').notNull().unique(),
  clientId: text('client_id').notNull(),
  agent: text('agent').notNull(),
  scopes: text('scopes').array().notNull(),
  created: instant('created').notNull().defaultNow(),
  expires: instant('expires').notNull(),
  revoked: instant('revoked'),
});

export const job = pgTable('job', {
  jobKey: key('job_key').primaryKey(),
  kind: text('kind').notNull(),
  status: text('status').notNull().default('waiting'),
  request: jsonb('request').notNull(),
  progress: jsonb('progress'),
  clientId: text('client_id'),
  attempts: smallint('attempts').notNull().default(0),
  runAfter: instant('run_after').notNull().defaultNow(),
  created: instant('created').notNull().defaultNow(),
  started: instant('started'),
  finished: instant('finished'),
  error: text('error'),
});

export const guide = pgTable('guide', {
  name: text('name').notNull(),
  version: text('version').notNull(),
  title: text('title'),
  canonical: text('canonical'),
  added: instant('added').notNull().defaultNow(),
});

export const canonicalResource = pgTable('canonical_resource', {
  canonicalKey: key('canonical_key').primaryKey(),
  guideName: text('guide_name').notNull(),
  guideVersion: text('guide_version').notNull(),
  type: text('type').notNull(),
  url: text('url'),
  version: text('version'),
  content: text('content').notNull(),
});

export const indexGeneration = pgTable('index_generation', {
  generation: smallint('generation').primaryKey(),
  created: instant('created').notNull().defaultNow(),
});

export const indexedParameter = pgTable('indexed_parameter', {
  url: text('url').primaryKey(),
  fingerprint: text('fingerprint').notNull(),
  generation: smallint('generation').notNull(),
});

/**
 * Contained resources have no row of their own. In the index tables the one at a place of `contained` has the key
 * `first + resource_key * 2^placeBits + place`: no body has so many places, and the keys stay negative, where no
 * resource is, up to resource key 2^38.
 */
export const containedKeys = { first: -(2n ** 62n), placeBits: 24n } as const;
