-- Implementation guides and their conformance resources; telling every process when conformance resources change. See docs/adr/0009-compute-then-load.md.

-- A package of an implementation guide that an operator added; versions of one guide stand side by side.
CREATE TABLE guide (
  name text COLLATE "C" NOT NULL,
  version text COLLATE "C" NOT NULL,
  title text,
  canonical text,
  added timestamptz(3) NOT NULL DEFAULT now(),
  PRIMARY KEY (name, version)
);
--> statement-breakpoint
-- What guides define, found by canonical URL. Not resources of the API: they have no id here and no history.
CREATE TABLE canonical_resource (
  canonical_key bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  guide_name text COLLATE "C" NOT NULL,
  guide_version text COLLATE "C" NOT NULL,
  type text COLLATE "C" NOT NULL,
  -- absent where R4 has none (NamingSystem)
  url text COLLATE "C",
  -- the version that the resource gives itself, not that of the guide
  version text,
  content text NOT NULL,
  CONSTRAINT canonical_resource_guide FOREIGN KEY (guide_name, guide_version) REFERENCES guide ON DELETE CASCADE
);
--> statement-breakpoint
CREATE INDEX canonical_resource_url ON canonical_resource (type, url);
--> statement-breakpoint
CREATE INDEX canonical_resource_of_guide ON canonical_resource (guide_name, guide_version, type);
--> statement-breakpoint
-- As with resources: lz4 where the server has it.
DO $$
BEGIN
  ALTER TABLE canonical_resource ALTER COLUMN content SET COMPRESSION lz4;
EXCEPTION WHEN feature_not_supported THEN
  NULL;
END
$$;
--> statement-breakpoint

-- Sent when the transaction commits, once however much it changed.
CREATE FUNCTION notify_conformance_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM pg_notify('vesta_conformance', '');
  RETURN NULL;
END
$$;
--> statement-breakpoint
-- Every version ever made passes the change log. The numbers are those of schemas/r4/resource-types.json:
-- CodeSystem, ConceptMap, SearchParameter, StructureDefinition, ValueSet. All other types cost the comparison alone.
CREATE TRIGGER change_log_conformance
  AFTER INSERT ON change_log
  FOR EACH ROW WHEN (NEW.resource_type IN (22, 27, 123, 128, 144))
  EXECUTE FUNCTION notify_conformance_change();
--> statement-breakpoint
CREATE TRIGGER guide_conformance
  AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON guide
  FOR EACH STATEMENT EXECUTE FUNCTION notify_conformance_change();
--> statement-breakpoint

-- The API reads them; adding guides is the owner's.
GRANT SELECT ON guide, canonical_resource TO vesta_api;
