/** `url=http://v.example|1`: a canonical URL and the version of the resource that it names. https://hl7.org/fhir/R4/search.html#uri */
import type { SearchParameterType } from '../fhir/search-parameter.ts';
import type { SearchParameters } from './parameters.ts';
import { splitValue } from './split-value.ts';

interface Asked {
  readonly types: readonly string[];
  readonly code: string;
}

/** Values of the parameters `url` and `version`, whose escapes still stand. */
interface VersionedUrl {
  readonly url: string;
  readonly version: string;
}

/** What the alternatives with a version mean beside what they are as they are written; none unless all types have a URL and a version. */
export function versionedUrls(
  { types, code }: Asked,
  alternatives: readonly string[],
  { registry }: { readonly registry: SearchParameters },
): readonly VersionedUrl[] {
  const has = (name: string, wanted: SearchParameterType) =>
    types.every((type) => registry.forType(type).get(name)?.type === wanted);
  if (code !== 'url' || !has('url', 'uri') || !has('version', 'token')) return [];
  return alternatives.flatMap((alternative) => {
    const [url = '', version = '', ...others] = splitValue(alternative, '|');
    return url === '' || version === '' || others.length > 0 ? [] : [{ url, version }];
  });
}
