/** What a search asks of a resource, as a tree: parameters, joined by AND, OR and NOT, on the resource itself or on those it is linked with. https://hl7.org/fhir/R4/search.html */
import type { SearchParameterType } from '../fhir/search-parameter.ts';
import type { LinkKind } from './link-kinds.ts';
import type { Match } from './match.ts';

/** One search parameter, which all of the types have. */
export interface ParameterCondition {
  readonly kind: 'parameter';
  readonly types: readonly string[];
  readonly code: string;
  readonly parameterType: SearchParameterType;
  readonly match: Match;
  /** True when a resource has at most one value. */
  readonly isSingle: boolean;
}

/** The resources that a reference parameter leads to, by their type, and what is asked of each. https://hl7.org/fhir/R4/search.html#chaining */
export interface ChainCondition {
  readonly kind: 'chain';
  readonly types: readonly string[];
  readonly code: string;
  /** By type and id unless told. */
  readonly via?: LinkKind;
  readonly targets: readonly { readonly type: string; readonly condition: Condition }[];
  /** True when a resource refers to one at most. */
  readonly isSingle?: boolean;
}

/** Some resource of `type` refers to this one by its parameter `code`, and satisfies the condition. https://hl7.org/fhir/R4/search.html#has */
export interface HasCondition {
  readonly kind: 'has';
  readonly type: string;
  readonly code: string;
  readonly via?: LinkKind;
  /** Types of this resource. */
  readonly types: readonly string[];
  readonly condition: Condition;
}

/** In the compartment of a resource, because it refers to it by one of these parameters. https://hl7.org/fhir/R4/compartmentdefinition.html */
export interface CompartmentCondition {
  readonly kind: 'compartment';
  /** `Patient/1` */
  readonly target: string;
  readonly parameters: readonly { readonly type: string; readonly code: string }[];
}

/** An entry of the List with this id. https://hl7.org/fhir/R4/search.html#list */
export interface ListCondition {
  readonly kind: 'list';
  readonly ids: readonly string[];
  readonly types: readonly string[];
}

export type Condition =
  | { readonly kind: 'ofTypes'; readonly types: readonly string[] }
  | ParameterCondition
  | ChainCondition
  | HasCondition
  | CompartmentCondition
  | ListCondition
  | { readonly kind: 'all'; readonly conditions: readonly Condition[] }
  | { readonly kind: 'any'; readonly conditions: readonly Condition[] }
  | { readonly kind: 'not'; readonly condition: Condition };
