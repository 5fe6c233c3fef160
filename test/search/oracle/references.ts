/** References by id, type and id, URL, type as modifier, or identifier. https://hl7.org/fhir/R4/search.html#reference */
import { type Asked, escaped } from './asked.ts';
import type { Choices } from './choices.ts';
import { isJson, isText, type Value } from './values.ts';

export const base = 'http://here.example/fhir';

const local = /^(?:http:\/\/here\.example\/fhir\/)?([A-Z]\w+)\/([A-Za-z0-9.-]+)(?:\/_history\/[A-Za-z0-9.-]+)?$/;

const writtenIn = ([value]: Value): string | undefined => {
  const text = isJson(value) ? value['reference'] : value;
  return isText(text) && !text.startsWith('#') ? text : undefined;
};

/** `Type/id` of a resource of this server. */
export function localTarget(value: Value): string | undefined {
  const [, type, id] = local.exec(writtenIn(value) ?? '') ?? [];
  return type === undefined ? undefined : `${type}/${id}`;
}

/** A canonical counts with its version and without. */
function urlsOf(value: Value): readonly string[] {
  const text = writtenIn(value);
  if (text === undefined || localTarget(value) !== undefined) return [];
  // what is no URL could be asked for as an id only
  return text.includes(':') ? [text, text.split('|')[0] ?? text] : [];
}

function askIdentifier([value]: Value): Asked | undefined {
  if (!isJson(value) || !isJson(value['identifier'])) return undefined;
  const { system, value: own } = value['identifier'];
  if (!isText(own)) return undefined;
  return {
    text: `${isText(system) ? escaped(system) : ''}|${escaped(own)}`,
    modifier: 'identifier',
    holds: (values) =>
      values.some(
        ([one]) =>
          isJson(one) &&
          isJson(one['identifier']) &&
          one['identifier']['system'] === system &&
          one['identifier']['value'] === own,
      ),
  };
}

export function askReference(pool: readonly Value[], choices: Choices, targets: readonly string[]): Asked | undefined {
  const value = choices.of(pool);
  if (!value) return undefined;
  const way = choices.below(8);
  if (way >= 6) return askIdentifier(value);
  const target = localTarget(value);
  if (target === undefined) {
    const url = choices.of(urlsOf(value));
    return url === undefined
      ? undefined
      : { text: escaped(url), holds: (values) => values.flatMap(urlsOf).includes(url) };
  }
  const [type = '', id = ''] = target.split('/');
  const leadsTo = (wanted: readonly string[]) => (values: readonly Value[]) =>
    values.some((one) => wanted.includes(localTarget(one) ?? ''));
  if (way === 4 && targets.length > 0) return { text: id, holds: leadsTo(targets.map((one) => `${one}/${id}`)) };
  if (way === 3 && targets.includes(type)) return { text: id, modifier: type, holds: leadsTo([target]) };
  const texts: Readonly<Record<number, string>> = { 2: `${base}/${target}`, 5: `${target}/_history/7` };
  return { text: texts[way] ?? target, holds: leadsTo([target]) };
}
