/** Search types that write down what they were given instead of working out rows: for tests of what comes before them. */
import type { SearchParameterType } from '../../src/fhir/search-parameter.ts';
import type { SearchType } from '../../src/search/search-type.ts';

/** Each value becomes one token `code (element type) JSON`. */
const recording: SearchType = {
  index: (value, { code, elementType }, sink) => sink.token(`${code} (${elementType}) ${JSON.stringify(value)}`),
};

export const recordingTypes: Readonly<Partial<Record<SearchParameterType, SearchType>>> = {
  number: recording,
  date: recording,
  string: recording,
  token: recording,
  reference: recording,
  composite: recording,
  quantity: recording,
  uri: recording,
};
