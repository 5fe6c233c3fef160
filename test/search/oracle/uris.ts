/** URIs exactly, and URLs above and below. https://hl7.org/fhir/R4/search.html#uri */
import { type Asked, escaped } from './asked.ts';
import type { Choices } from './choices.ts';
import { isText, type Value } from './values.ts';

/** A canonical counts with its version and without. */
const urisOf = ([value, type]: Value): readonly string[] =>
  isText(value) ? (type === 'canonical' ? [value, value.split('|')[0] ?? value] : [value]) : [];

export function askUri(pool: readonly Value[], choices: Choices): Asked | undefined {
  const uri = choices.of(pool.flatMap(urisOf));
  if (uri === undefined) return undefined;
  const asks = (text: string, modifier: string | undefined, is: (own: string) => boolean): Asked => ({
    text: escaped(text),
    ...(modifier && { modifier }),
    holds: (values) => values.flatMap(urisOf).some(is),
  });
  const above = uri.slice(0, uri.lastIndexOf('/'));
  const way = choices.below(4);
  if (way === 3 && /^https?:\/\/[^/]+\/./.test(above))
    return asks(above, 'below', (own) => own === above || own.startsWith(`${above}/`));
  if (way === 2 && /^https?:/.test(uri)) return asks(uri, 'above', (own) => own === uri || uri.startsWith(`${own}/`));
  return asks(uri, undefined, (own) => own === uri);
}
