-- The index rows that are kept with each version compress with lz4 as well: pglz took a twelfth of PostgreSQL's time for writing. Servers without lz4 keep the default.
DO $$
BEGIN
  ALTER TABLE resource ALTER COLUMN index_rows SET COMPRESSION lz4;
EXCEPTION WHEN feature_not_supported THEN
  NULL;
END
$$;
