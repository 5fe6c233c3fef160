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
-- Resources whose index rows another version of Vesta made.
CREATE INDEX resource_index_version ON resource (index_version) WHERE index_version < 2 AND NOT deleted;
