/** Searches wait for the index: an answer without some resources would be wrong, and nobody would see it. See docs/adr/0012-reindexing.md. */
import { unavailable } from '../fhir/fhir-error.ts';
import type { SearchParameter } from '../fhir/search-parameter.ts';
import { placeOf } from './malformed.ts';
import { type IndexingProgress, officialUrl, type SearchParameters } from './parameters.ts';

const inWords = ({ done, total }: IndexingProgress): string => `${done} of ${total} resources are done`;

/** Throws a FhirError 503 while not every resource has been indexed for the parameter: an answer would lack some. */
export function refusePending(parameter: Pick<SearchParameter, 'url' | 'code'>, { pending }: SearchParameters): void {
  const progress = pending(parameter);
  if (!progress) return;
  throw unavailable(
    `The search parameter ${parameter.code} is being indexed: ${inWords(progress)}`,
    placeOf(parameter.code),
  );
}

/** The same while not every resource is of this version's index, for any search at all. */
export function refuseUntilIndexed({ pending }: SearchParameters): void {
  const progress = pending({ url: officialUrl });
  if (progress) throw unavailable(`All resources are being indexed anew: ${inWords(progress)}`, 'http');
}
