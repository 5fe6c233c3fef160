-- Current resources, superseded versions, change log, index rows, audit, clients, jobs. See docs/adr/0001-storage-design.md.

CREATE TABLE setting (
  name text PRIMARY KEY,
  value text NOT NULL
);
--> statement-breakpoint
-- Keys the hash of index values, so that nobody outside can craft two values with one key. 244 random bits.
INSERT INTO setting (name, value)
VALUES ('hash_secret', encode(sha256(convert_to(gen_random_uuid()::text || gen_random_uuid()::text, 'UTF8')), 'hex'));
--> statement-breakpoint
-- Resource keys are handed out in blocks of 256 to each process: a stable number for the life of a logical resource.
CREATE SEQUENCE resource_key_block AS bigint INCREMENT BY 256 MINVALUE 256 START WITH 256;
--> statement-breakpoint
-- The newest version of every logical resource, deleted ones as tombstones without content.
-- No index on what changes with a version, so that updates stay heap-only (fillfactor leaves them room).
CREATE TABLE resource (
  resource_key bigint PRIMARY KEY,
  resource_type smallint NOT NULL,
  id text COLLATE "C" NOT NULL,
  version integer NOT NULL,
  last_updated timestamptz(3) NOT NULL,
  method text NOT NULL,
  deleted boolean NOT NULL DEFAULT false,
  index_version smallint NOT NULL,
  -- logical ids of the Patients in whose compartment this version is
  patients text[] NOT NULL,
  -- the index rows that stand for this version, exactly, so that the next version can take them away
  index_rows text NOT NULL,
  content text,
  CONSTRAINT resource_identity UNIQUE (resource_type, id)
) WITH (fillfactor = 80);
--> statement-breakpoint
-- Superseded versions only; the current one is in resource.
CREATE TABLE resource_history (
  resource_key bigint NOT NULL,
  version integer NOT NULL,
  last_updated timestamptz(3) NOT NULL,
  method text NOT NULL,
  deleted boolean NOT NULL,
  patients text[] NOT NULL,
  content text,
  PRIMARY KEY (resource_key, version)
);
--> statement-breakpoint
-- lz4 costs a third of the processor time of the default; servers that were built without it keep the default.
DO $$
BEGIN
  ALTER TABLE resource ALTER COLUMN content SET COMPRESSION lz4;
  ALTER TABLE resource_history ALTER COLUMN content SET COMPRESSION lz4;
EXCEPTION WHEN feature_not_supported THEN
  NULL;
END
$$;
--> statement-breakpoint
-- One row per version ever made, in order: type and system history, _lastUpdated, and later exports and subscriptions.
-- transaction_id lets a consumer stop below transactions still open: sequence numbers are taken before commit.
CREATE TABLE change_log (
  sequence bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  resource_type smallint NOT NULL,
  resource_key bigint NOT NULL,
  version integer NOT NULL,
  method text NOT NULL,
  last_updated timestamptz(3) NOT NULL,
  transaction_id xid8 NOT NULL DEFAULT pg_current_xact_id()
);
--> statement-breakpoint
CREATE INDEX change_log_type_time ON change_log (resource_type, last_updated, resource_key, version);
--> statement-breakpoint
CREATE INDEX change_log_time ON change_log (last_updated, sequence);
--> statement-breakpoint

-- Postings: (what, who) in order, so that newest-first pages, counts and keyset paging read only what they answer.
CREATE TABLE token_index (
  token_key bigint NOT NULL,
  resource_key bigint NOT NULL,
  PRIMARY KEY (token_key, resource_key)
);
--> statement-breakpoint
CREATE TABLE reference_index (
  target_key bigint NOT NULL,
  parameter_key bigint NOT NULL,
  resource_key bigint NOT NULL,
  PRIMARY KEY (target_key, parameter_key, resource_key)
);
--> statement-breakpoint
CREATE TABLE date_index (
  parameter_key bigint NOT NULL,
  low timestamptz NOT NULL,
  high timestamptz NOT NULL,
  resource_key bigint NOT NULL,
  PRIMARY KEY (parameter_key, low, high, resource_key)
);
--> statement-breakpoint
CREATE INDEX date_index_high ON date_index (parameter_key, high, low, resource_key);
--> statement-breakpoint
CREATE TABLE number_index (
  parameter_key bigint NOT NULL,
  low double precision NOT NULL,
  high double precision NOT NULL,
  resource_key bigint NOT NULL,
  PRIMARY KEY (parameter_key, low, high, resource_key)
);
--> statement-breakpoint
-- Ranges and prefixes come in the order of their values; these answer for one resource that another criterion has found.
CREATE INDEX date_index_resource ON date_index (resource_key, parameter_key, low, high);
--> statement-breakpoint
CREATE INDEX number_index_resource ON number_index (resource_key, parameter_key, low, high);
--> statement-breakpoint
CREATE TABLE string_index (
  parameter_key bigint NOT NULL,
  value text COLLATE "C" NOT NULL,
  resource_key bigint NOT NULL,
  PRIMARY KEY (parameter_key, value, resource_key)
);
--> statement-breakpoint
CREATE INDEX string_index_resource ON string_index (resource_key, parameter_key, value);
--> statement-breakpoint
CREATE TABLE uri_index (
  parameter_key bigint NOT NULL,
  value text COLLATE "C" NOT NULL,
  resource_key bigint NOT NULL,
  PRIMARY KEY (parameter_key, value, resource_key)
);
--> statement-breakpoint

-- Who did what to whose data: one row per interaction and patient. Written once; nothing may change or remove a row.
CREATE TABLE audit_event (
  audit_key bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  recorded timestamptz(3) NOT NULL,
  request_id text NOT NULL,
  agent text NOT NULL,
  client text NOT NULL,
  address text NOT NULL,
  interaction text NOT NULL,
  action text NOT NULL,
  outcome text NOT NULL,
  status smallint NOT NULL,
  resource_type text,
  resource_id text,
  version integer,
  patient text,
  query text
);
--> statement-breakpoint
CREATE INDEX audit_event_recorded ON audit_event USING brin (recorded);
--> statement-breakpoint
CREATE INDEX audit_event_patient ON audit_event (patient, audit_key) WHERE patient IS NOT NULL;
--> statement-breakpoint
CREATE INDEX audit_event_agent ON audit_event (agent, audit_key);
--> statement-breakpoint
CREATE FUNCTION refuse_audit_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'the audit log is append-only' USING ERRCODE = 'insufficient_privilege';
END
$$;
--> statement-breakpoint
CREATE TRIGGER audit_event_append_only
  BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_event
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_audit_change();
--> statement-breakpoint

-- Callers. A token is stored as its SHA-256 only.
CREATE TABLE client (
  client_id text PRIMARY KEY,
  name text NOT NULL,
  created timestamptz(3) NOT NULL DEFAULT now(),
  disabled timestamptz(3)
);
--> statement-breakpoint
CREATE TABLE access_token (
  token_hash bytea PRIMARY KEY,
  -- short public name of the token, for listing and revoking
  token_id text NOT NULL UNIQUE,
  client_id text NOT NULL REFERENCES client,
  agent text NOT NULL,
  scopes text[] NOT NULL,
  created timestamptz(3) NOT NULL DEFAULT now(),
  expires timestamptz(3) NOT NULL,
  revoked timestamptz(3)
);
--> statement-breakpoint

-- Background work, taken with FOR UPDATE SKIP LOCKED.
CREATE TABLE job (
  job_key bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  kind text NOT NULL,
  status text NOT NULL DEFAULT 'waiting' CHECK (status IN ('waiting', 'running', 'completed', 'failed', 'cancelled')),
  request jsonb NOT NULL,
  progress jsonb,
  client_id text,
  attempts smallint NOT NULL DEFAULT 0,
  run_after timestamptz(3) NOT NULL DEFAULT now(),
  created timestamptz(3) NOT NULL DEFAULT now(),
  started timestamptz(3),
  finished timestamptz(3),
  error text
);
--> statement-breakpoint
CREATE INDEX job_waiting ON job (run_after, job_key) WHERE status = 'waiting';
--> statement-breakpoint

-- The role the API runs under: it may write records and read them, but of the audit log only add to it.
DO $$
BEGIN
  IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'vesta_api') THEN
    BEGIN
      CREATE ROLE vesta_api LOGIN;
    EXCEPTION WHEN duplicate_object OR unique_violation THEN
      NULL; -- another database of this cluster was migrated at the same moment
    END;
  END IF;
END
$$;
--> statement-breakpoint
GRANT SELECT, INSERT, UPDATE, DELETE ON
  resource, token_index, reference_index, date_index, number_index, string_index, uri_index, job TO vesta_api;
--> statement-breakpoint
GRANT SELECT, INSERT ON resource_history, change_log, audit_event TO vesta_api;
--> statement-breakpoint
GRANT SELECT ON setting, client, access_token TO vesta_api;
--> statement-breakpoint
GRANT USAGE ON SEQUENCE resource_key_block TO vesta_api;
