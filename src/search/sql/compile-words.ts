/** `_text` and `_content` as SQL. See docs/adr/0013-full-text.md. */
import { type SQL, sql } from 'drizzle-orm';
import { wordKey } from '../keys.ts';
import type { MatchOf, Subject } from './building-blocks.ts';
import { breadths, type CompiledCondition, type Compiling } from './compiled.ts';
import { anyOf, keyArray } from './rows.ts';

/** All words of one of the alternatives. A resource is one row, so that none comes twice. */
export function compileWords(
  { alternatives }: MatchOf<'words'>,
  { keys }: Subject,
  { hash, fresh }: Compiling,
): CompiledCondition {
  const sets = keys.flatMap((key) => alternatives.map((words) => words.map((word) => wordKey(hash, key, word))));
  const hasWords = (row: SQL): SQL => anyOf(sets.map((set) => sql`${row}.words @> ${keyArray(set)}`));
  const rows = fresh();
  return {
    breadth: breadths.text,
    rows: {
      statement: sql`SELECT ${rows}.resource_key FROM word_index AS ${rows} WHERE ${hasWords(rows)}`,
      isDistinct: true,
    },
    check(candidate) {
      const row = fresh();
      return sql`EXISTS (SELECT FROM word_index AS ${row} WHERE ${row}.resource_key = ${candidate} AND ${hasWords(row)} OFFSET 0)`;
    },
  };
}
