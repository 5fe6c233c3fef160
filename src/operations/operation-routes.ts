/** The rows of the route table that operations take. https://hl7.org/fhir/R4/operations.html#executing */
import type { Route } from '../interactions/interaction.ts';
import type { Operation } from './operation.ts';

/** The paths of an operation, relative to the base. */
function pathsOf({ code, levels, types = [':type'] }: Operation): readonly string[] {
  return levels.flatMap((level) => {
    if (level === 'system') return [`$${code}`];
    return types.map((type) => (level === 'type' ? `${type}/$${code}` : `${type}/:id/$${code}`));
  });
}

/** GET and POST of every path, or POST alone for what changes something. */
export function operationRoutes(operations: readonly Operation[]): readonly Route[] {
  return operations.flatMap((operation) => {
    const { code, permission, run, affectsState = false, question } = operation;
    const methods = affectsState ? (['POST'] as const) : (['GET', 'POST'] as const);
    return pathsOf(operation).flatMap((path) => {
      const base = { interaction: `$${code}` as const, path };
      const routes = methods.map((method) => ({ ...base, method, run, permission }));
      return question ? [...routes, { ...base, method: 'GET' as const, ...question }] : routes;
    });
  });
}
