/** Rules for contained resources: dom-2 to dom-5 and unique ids. https://hl7.org/fhir/R4/references.html#contained */
import type { Issue } from '../fhir/issue.ts';
import { isObject, type Json } from './json-value.ts';

const broken = (diagnostics: string, expression: string): Issue => ({
  severity: 'error',
  code: 'invariant',
  diagnostics,
  expression: [expression],
});

/** Takes from `missing` every string of the value, such as `#id`, or `#` for the resource itself; true once none is missing. The depth of a body is bounded before it gets here. */
function findFragments(value: unknown, missing: Set<string>): boolean {
  if (typeof value === 'string') {
    if (value.startsWith('#')) missing.delete(value);
    return missing.size === 0;
  }
  if (isObject(value)) {
    for (const name in value) if (findFragments(value[name], missing)) return true;
  }
  return false;
}

const refersToContainer = (contained: Json): boolean => findFragments(contained, new Set(['#']));

/** The ids, as `#id`, of contained resources that nothing in the resource refers to. */
function unreferred(resource: Json, list: readonly unknown[]): ReadonlySet<string> {
  const missing = new Set(list.map((one) => `#${String(isObject(one) ? one['id'] : undefined)}`));
  findFragments(resource, missing);
  return missing;
}

function ownIssues(contained: Json, path: string): readonly Issue[] {
  const meta = isObject(contained['meta']) ? contained['meta'] : {};
  const forbidden = ['versionId', 'lastUpdated', 'security'].filter((name) => meta[name] !== undefined);
  const nested = contained['contained'] === undefined ? [] : [`${path}.contained`];
  return [
    ...nested.map((at) => broken('dom-2: a contained resource cannot contain resources', at)),
    ...forbidden.map((name) =>
      broken('dom-4, dom-5: a contained resource has no version and no security label', `${path}.meta.${name}`),
    ),
  ];
}

/** How a contained resource is tied to the others: by an id of its own that something refers to. */
function tieIssues(
  contained: Json,
  at: string,
  seen: { unreferred: ReadonlySet<string>; ids: Set<unknown> },
): readonly Issue[] {
  const { id } = contained;
  if (seen.ids.has(id)) return [broken('The ids of contained resources must differ', `${at}.id`)];
  seen.ids.add(id);
  if (!seen.unreferred.has(`#${String(id)}`) || refersToContainer(contained)) return [];
  return [broken('dom-3: a contained resource must be referred to, or refer to its container', at)];
}

/** Issues of the resources that `resource` contains, at most about `limit`; `path` is the FHIRPath of `resource`. */
export function containedIssues(resource: Json, path: string, limit: number): readonly Issue[] {
  const list: unknown = resource['contained'];
  // Inside a contained resource there may be none, so that their ties do not matter.
  if (!Array.isArray(list) || path.endsWith(']')) return [];
  const seen = { unreferred: unreferred(resource, list), ids: new Set<unknown>() };
  const issues: Issue[] = [];
  for (const [index, contained] of list.entries()) {
    if (issues.length >= limit) break;
    if (!isObject(contained)) continue;
    const at = `${path}.contained[${index}]`;
    issues.push(...ownIssues(contained, at), ...tieIssues(contained, at, seen));
  }
  return issues;
}
