/** What a `_filter` says, as a tree. https://hl7.org/fhir/R4/search_filter.html */

export const filterOperators = [
  'eq',
  'ne',
  'co',
  'sw',
  'ew',
  'gt',
  'lt',
  'ge',
  'le',
  'ap',
  'sa',
  'eb',
  'pr',
  'po',
  'ss',
  'sb',
  'in',
  'ni',
  're',
] as const;

export type FilterOperator = (typeof filterOperators)[number];

/** One step of a path: a search parameter, and what is asked of the resource that it leads to. */
export interface FilterStep {
  /** `name`, or `name:Type` for a reference. */
  readonly name: string;
  readonly filter?: FilterExpression;
}

export type FilterExpression =
  | { readonly kind: 'and' | 'or'; readonly operands: readonly FilterExpression[] }
  | { readonly kind: 'not'; readonly operand: FilterExpression }
  | {
      readonly kind: 'comparison';
      readonly path: readonly FilterStep[];
      readonly operator: FilterOperator;
      /** Without quotes and escapes. */
      readonly value: string;
    };
