/** Links of a paged Bundle: the same request with another cursor. https://hl7.org/fhir/R4/http.html#paging */
import type { BundleLink } from '../fhir/bundle.ts';
import type { Parameters } from './interaction.ts';

const cursorParameter = '_cursor';

/** Parameters as a query string. */
export function queryText(parameters: Parameters): string {
  const query = new URLSearchParams();
  for (const [name, value] of parameters) query.append(name, value);
  return query.toString();
}

/** `self`, `first` and, when there is one, `next`. `url` has no query. */
export function pageLinks(url: string, parameters: Parameters, next: string | undefined): BundleLink[] {
  const applied = parameters.filter(([name]) => name !== cursorParameter);
  const current = parameters.find(([name]) => name === cursorParameter);
  const link = (relation: BundleLink['relation'], wanted: Parameters): BundleLink => {
    const text = queryText(wanted);
    return { relation, url: text ? `${url}?${text}` : url };
  };
  return [
    link('self', current ? [...applied, current] : applied),
    link('first', applied),
    ...(next === undefined ? [] : [link('next', [...applied, [cursorParameter, next]])]),
  ];
}
