-- The words of a resource, for _text and _content. See docs/adr/0013-full-text.md.

-- One row for each resource that has any; words as keys of parameter and word.
CREATE TABLE word_index (
  words bigint[] NOT NULL,
  resource_key bigint PRIMARY KEY
);
--> statement-breakpoint
CREATE INDEX word_index_words ON word_index USING gin (words);
--> statement-breakpoint
GRANT SELECT, INSERT, UPDATE, DELETE ON word_index TO vesta_api;
