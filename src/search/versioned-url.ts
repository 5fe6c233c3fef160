/** `url=http://v.example|1`: a canonical URL and the version of the resource that it names. https://hl7.org/fhir/R4/search.html#uri */
import type { SearchParameterType } from '../fhir/search-parameter.ts';
import type { Condition } from './condition.ts';
import type { Match } from './match.ts';
import type { SearchParameters } from './parameters.ts';
import { splitValue, unescapeValue } from './split-value.ts';

interface Asked {
  readonly types: readonly string[];
  readonly code: string;
}

function toCondition({ types, code }: Asked, parameterType: SearchParameterType, match: Match): Condition {
  return { kind: 'parameter', types, code, parameterType, match, isSingle: false };
}

/** What the alternatives with a version mean beside what they are as they are written; none unless all types have a URL and a version. */
export function versionedUrls(
  { types, code }: Asked,
  alternatives: readonly string[],
  { registry }: { readonly registry: SearchParameters },
): readonly Condition[] {
  const has = (name: string, wanted: SearchParameterType) =>
    types.every((type) => registry.forType(type).get(name)?.type === wanted);
  if (code !== 'url' || !has('url', 'uri') || !has('version', 'token')) return [];
  return alternatives.flatMap((alternative): readonly Condition[] => {
    const [url = '', version = '', ...others] = splitValue(alternative, '|').map(unescapeValue);
    if (url === '' || version === '' || others.length > 0) return [];
    return [
      {
        kind: 'all',
        conditions: [
          toCondition({ types, code }, 'uri', { kind: 'uri', values: [url] }),
          toCondition({ types, code: 'version' }, 'token', { kind: 'token', tokens: [{ code: version }] }),
        ],
      },
    ];
  });
}
