/** How a method and a path find their row of the route table. https://hl7.org/fhir/R4/http.html */
import type { Method, Route } from './interaction.ts';

export interface RouteMatch {
  readonly route: Route;
  readonly type?: string;
  readonly id?: string;
  readonly version?: string;
  /** Of a compartment: a resource type, or `*`. */
  readonly member?: string;
}

/** What a path leads to: a route, or the methods that it has (none when there is no such path). */
export type RouteLookup = RouteMatch | { readonly allowed: readonly Method[] };

/** A resource type, or all of them. */
const isMember = (segment: string): boolean => segment === '*' || /^[A-Z]/.test(segment);

function matchPath(path: string, segments: readonly string[]): Omit<RouteMatch, 'route'> | undefined {
  const pattern = path === '' ? [] : path.split('/');
  if (pattern.length !== segments.length) return undefined;
  const found: { type?: string; id?: string; version?: string; member?: string } = {};
  for (const [index, part] of pattern.entries()) {
    const segment = segments[index] ?? '';
    // neither a type nor an id: the name of an operation
    if (segment.startsWith('$') && part !== segment) return undefined;
    if (part === ':type') found.type = segment;
    else if (part === ':id') found.id = segment;
    else if (part === ':version') found.version = segment;
    else if (part === ':member' && isMember(segment)) found.member = segment;
    else if (part !== segment) return undefined;
    else if (/^[A-Z]/.test(part)) found.type = part;
  }
  return found;
}

/** Finds the route of a method and path; the first row of the table that fits wins. `path` has no slash at either end. */
export function lookUpRoute(routes: readonly Route[], method: Method, path: string): RouteLookup {
  const segments = path === '' ? [] : path.split('/');
  const wanted = method === 'HEAD' ? 'GET' : method;
  const allowed = new Set<Method>();
  for (const route of routes) {
    const found = matchPath(route.path, segments);
    if (!found) continue;
    if (route.method === wanted) return { route, ...found };
    allowed.add(route.method);
  }
  return { allowed: [...allowed] };
}
