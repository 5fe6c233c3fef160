/** A request as a search query: what it needs to know of terminology is loaded first. */
import { FhirError } from '../../fhir/fhir-error.ts';
import type { Condition } from '../../search/condition.ts';
import { parseSearch } from '../../search/parse-search.ts';
import type { SearchQuery } from '../../search/search-query.ts';
import type { SearchScope } from '../../search/search-scope.ts';
import { type CodeLookups, createCodeLookups } from '../../terminology/code-lookups.ts';
import type { Context, Parameters } from '../interaction.ts';
import { settled } from '../settled.ts';
import { literalValueSets } from './literal-value-sets.ts';
import { permitTypes, withinPermitted } from './search-types.ts';

export interface QueryInput {
  readonly types: readonly string[];
  readonly parameters: Parameters;
  readonly handling: 'strict' | 'lenient';
  /** What the URL asks beside its parameters. */
  readonly within?: readonly Condition[];
}

/** Value sets are known by what they are called. */
function codeLookups({ library }: Context, canonicals: ReadonlyMap<string, string>): CodeLookups {
  const lookups = createCodeLookups(library.conformance);
  return { ...lookups, membersOf: (name) => lookups.membersOf(canonicals.get(name) ?? name) };
}

function scopeOf(context: Context, canonicals: ReadonlyMap<string, string>): SearchScope {
  const { definitions, searchParameters, valueShapes, canonicalUnit, fullText, settings, now } = context;
  return {
    registry: searchParameters,
    elements: definitions.elements,
    shapes: valueShapes,
    codes: codeLookups(context, canonicals),
    canonicalUnit,
    fullText,
    baseUrl: settings.baseUrl,
    now: now(),
  };
}

/** A refusal may come from what memory lacks, so it counts only when nothing more can be loaded. */
function attempt(parse: () => SearchQuery): SearchQuery | FhirError {
  try {
    return parse();
  } catch (error) {
    if (error instanceof FhirError) return error;
    throw error;
  }
}

/** Throws a FhirError: 400 for what is not understood, 403 for what the caller may not search. */
export async function readQuery(input: QueryInput, context: Context): Promise<SearchQuery> {
  const scope = scopeOf(context, await literalValueSets(input.parameters, context));
  const query = await settled(context.library, () => attempt(() => parseSearch({ ...input, scope })));
  if (query instanceof FhirError) throw query;
  permitTypes(query, context);
  return withinPermitted(query, context);
}
