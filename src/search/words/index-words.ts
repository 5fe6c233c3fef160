/** The words of a resource as keys of the word index. See docs/adr/0013-full-text.md. */
import type { Hash } from '../../ports.ts';
import { parameterKey, wordKey } from '../keys.ts';
import { type FullText, isIndexed } from './full-text.ts';
import { narrativeOf, visitProse } from './prose.ts';
import { wordsOf } from './words.ts';

function addKeys(texts: readonly string[], parameter: string, hash: Hash, keys: Set<string>): void {
  const words = new Set(texts.flatMap((text) => wordsOf(text)));
  for (const word of words) keys.add(wordKey(hash, parameter, word));
}

export interface WordOptions {
  /** Under which the resource is indexed: its type, or what contained ones have in its place. */
  readonly name: string;
  readonly hash: Hash;
  readonly level: FullText;
}

/** Each word that `_text` and `_content` find the resource by, once. */
export function wordKeysOf(resource: object, { name, hash, level }: WordOptions): Set<string> {
  const keys = new Set<string>();
  if (level === 'off') return keys;
  const narrative = narrativeOf(resource);
  if (narrative !== undefined) addKeys([narrative], parameterKey(hash, name, '_text'), hash, keys);
  if (!isIndexed('_content', level)) return keys;
  const texts: string[] = [];
  visitProse(resource, (text) => texts.push(text));
  addKeys(texts, parameterKey(hash, name, '_content'), hash, keys);
  return keys;
}
