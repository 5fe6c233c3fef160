/** The search parameter types that are supported, each in its own file. Composites are made of them. https://hl7.org/fhir/R4/search.html#ptypes */
import type { SearchParameterType } from '../../fhir/search-parameter.ts';
import type { QueriedSearchType } from '../search-type.ts';
import { date } from './date.ts';
import { near } from './near.ts';
import { number } from './number.ts';
import { quantity } from './quantity.ts';
import { reference } from './reference.ts';
import { string } from './string.ts';
import { token } from './token.ts';
import { uri } from './uri.ts';

export const searchTypes: Readonly<Partial<Record<SearchParameterType, QueriedSearchType>>> = {
  date,
  number,
  quantity,
  reference,
  special: near,
  string,
  token,
  uri,
};

const isSupported = (type: string): type is SearchParameterType => Object.hasOwn(searchTypes, type);

export const supportedSearchTypes: ReadonlySet<SearchParameterType> = new Set(
  Object.keys(searchTypes).filter(isSupported),
);
