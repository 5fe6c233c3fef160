-- Links from a resource to what it refers to, in both directions, and what sorting needs. See docs/adr/0011-search-plans.md.

-- What references to the resource have as target_key, so that a chain can be followed in SQL. Null until the resource is indexed anew.
ALTER TABLE resource ADD COLUMN self_key bigint;
--> statement-breakpoint
CREATE INDEX resource_self ON resource (self_key);
--> statement-breakpoint
-- What one resource refers to: chains and reverse chains are checked from the resource that another criterion has found.
CREATE INDEX reference_index_resource ON reference_index (resource_key, parameter_key, target_key);
--> statement-breakpoint
CREATE INDEX uri_index_resource ON uri_index (resource_key, parameter_key, value);
--> statement-breakpoint
-- Dates are read by their low end alone: those that are longer than a day stand under a key of their own as well.
DROP INDEX date_index_high;
--> statement-breakpoint
-- index_version is a generation from here on: resources of an earlier one are indexed anew, in the order of this index.
CREATE INDEX resource_index_version ON resource (index_version, resource_key) WHERE NOT deleted;
--> statement-breakpoint
-- Each change of what is indexed begins a generation.
CREATE TABLE index_generation (
  generation smallint PRIMARY KEY,
  created timestamptz(3) NOT NULL DEFAULT now()
);
--> statement-breakpoint
-- Which generation of index rows a search parameter can be searched in; `*` stands for all of R4 as this version of Vesta reads them.
CREATE TABLE indexed_parameter (
  url text COLLATE "C" PRIMARY KEY,
  fingerprint text NOT NULL,
  generation smallint NOT NULL REFERENCES index_generation
);
--> statement-breakpoint
GRANT SELECT, INSERT, UPDATE, DELETE ON index_generation, indexed_parameter TO vesta_api;
