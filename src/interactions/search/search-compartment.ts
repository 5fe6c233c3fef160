/** FHIR search within the compartment of one resource: `Patient/1/Observation`, `Patient/1/*`. https://hl7.org/fhir/R4/compartmentdefinition.html */
import { forbidden, notFound } from '../../fhir/fhir-error.ts';
import type { ResourceIdentity } from '../../fhir/resource.ts';
import { isApart } from '../../search/audit-events.ts';
import type { Condition } from '../../search/condition.ts';
import { identityOf } from '../identity.ts';
import type { Context, Interaction } from '../interaction.ts';
import { answerSearch } from './answer-search.ts';
import { readQuery } from './read-query.ts';
import { wantedTypes } from './search-system.ts';

/** The reference parameters by which each type belongs to the compartment; a type without any never does. */
function membership(compartment: string, { definitions }: Context): ReadonlyMap<string, readonly string[]> {
  const types = definitions.compartments[compartment];
  if (!types) throw notFound(`There is no compartment of a ${compartment}`);
  return new Map(Object.entries(types).filter(([type, codes]) => !isApart(type) && codes.length > 0));
}

/** What is in the compartment of the resource because it refers to it, and, of its own type, the resource itself. */
export function inCompartment({ type, id }: ResourceIdentity, types: readonly string[], context: Context): Condition {
  const codes = membership(type, context);
  const parameters = types.flatMap((one) => (codes.get(one) ?? []).map((code) => ({ type: one, code })));
  const linked: Condition = { kind: 'compartment', target: `${type}/${id}`, parameters };
  if (!types.includes(type)) return linked;
  const itself: Condition = {
    kind: 'parameter',
    types: [type],
    code: '_id',
    parameterType: 'token',
    match: { kind: 'id', ids: [id] },
    isSingle: false,
  };
  return { kind: 'any', conditions: [linked, itself] };
}

/** The types that can be in the compartment, and its own. */
export function typesOfCompartment(compartment: string, context: Context): readonly string[] {
  return [...new Set([compartment, ...membership(compartment, context).keys()])];
}

export const searchCompartment: Interaction = async (input, context) => {
  const { member = '*', parameters, prefer } = input;
  const identity = identityOf(input);
  const { type, id } = identity;
  const all = typesOfCompartment(type, context);
  if (member !== '*' && !all.includes(member)) throw notFound(`No ${member} is in the compartment of a ${type}`);
  if (!context.access.permits('read', type)) throw forbidden(`The token does not allow to read ${type}`);
  const types = member === '*' ? wantedTypes(parameters, all) : [member];
  const within = [inCompartment(identity, types, context)];
  const query = await readQuery({ types, parameters, handling: prefer.handling, within }, context);
  return answerSearch(query, `${type}/${id}/${member}`, context);
};
