/** `:above` and `:below` of references: all that is above or below in a hierarchy of resources. https://hl7.org/fhir/R4/search.html#recursive */
import { isLogicalId } from '../fhir/resource.ts';
import { isVersionAbove } from './canonicals.ts';
import { leadsUp, wholeOf } from './hierarchies.ts';
import { linkKindsOf } from './link-kinds.ts';
import { literalOf } from './local-reference.ts';
import { malformed, refused } from './malformed.ts';
import type { Direction, HierarchyBranch, Match } from './match.ts';
import { refusePending } from './refuse-pending.ts';
import type { SearchScope } from './search-scope.ts';
import type { ParseContext } from './search-type.ts';
import { unescapeValue } from './split-value.ts';
import { targetTypesOf } from './types/reference.ts';

/** A reference parameter with `:above` or `:below`. */
interface Asked extends ParseContext {
  readonly types: readonly string[];
  readonly direction: Direction;
}

type Link = Omit<HierarchyBranch, 'targets'>;

/** A hierarchy of the parameter's own, or that of what it leads to; undefined where there is none. */
function linkFrom(type: string, target: string, code: string, scope: SearchScope): Link | undefined {
  const own = scope.registry.forType(type).get(code);
  if (own && leadsUp(type, own, scope)) return { type, code };
  const whole = wholeOf(target, scope);
  if (whole) refusePending(whole, scope.registry);
  return whole && { type: target, code: whole.code };
}

/** The way up from resources of a type. Throws a FhirError 400 where it is not the same for all types that are searched. */
function linkTo(target: string, { types, parameter, name }: Asked, scope: SearchScope): Link | undefined {
  const [link, ...others] = types.map((type) => linkFrom(type, target, parameter.code, scope));
  if (others.some((other) => other?.type !== link?.type || other?.code !== link?.code)) {
    throw refused(name, 'the types that are searched have hierarchies of their own');
  }
  return link;
}

/** The types of a hierarchy that the parameter leads to, each with the way up from there. */
function linksOf(asked: Asked, scope: SearchScope): ReadonlyMap<string, Link> {
  const links = targetTypesOf(asked.parameter).flatMap((type) => {
    const link = linkTo(type, asked, scope);
    return link ? [[type, link] as const] : [];
  });
  if (links.length === 0) throw refused(asked.name, `${asked.parameter.code} leads into no hierarchy`);
  return new Map(links);
}

/** The resources that a value may mean, each with the way up from it. */
function startsOf(alternative: string, links: ReadonlyMap<string, Link>, { name, baseUrl }: Asked) {
  const text = unescapeValue(alternative);
  const literal = literalOf(text, baseUrl);
  if (!literal && isLogicalId(text)) return [...links].map(([type, link]) => [link, `${type}/${text}`] as const);
  const link = literal && links.get(literal.type);
  if (!link) throw malformed(name, `about ${[...links.keys()].join(' or ')}: an id, or the type, a slash and an id`);
  return [[link, literal.target] as const];
}

/** Of a canonical the versions below: `url|2` stands for `url|2`, `url|2.1` and `url|2.1.3`, a URL alone for all. https://hl7.org/fhir/R4/search.html#versions */
function parseVersions(alternatives: readonly string[], { direction, name, baseUrl }: Asked): Match {
  if (direction === 'above') throw refused(name, 'versions of a canonical have no above in R4');
  const canonicals = alternatives.map(unescapeValue);
  if (!canonicals.every((text) => text.includes(':') && isVersionAbove(text))) {
    throw malformed(name, 'a URL, or a URL and a version with | between');
  }
  return { kind: 'versionsBelow', canonicals: canonicals.map((text) => literalOf(text, baseUrl)?.target ?? text) };
}

/** Throws a FhirError 400 that names the parameter where it leads into no hierarchy. */
export function parseHierarchy(alternatives: readonly string[], asked: Asked, scope: SearchScope): Match {
  if (!linkKindsOf(asked.types, asked.parameter.code, scope.shapes).includes('literal')) {
    return parseVersions(alternatives, asked);
  }
  const links = linksOf(asked, scope);
  const branches = new Map<string, HierarchyBranch>();
  for (const [link, target] of alternatives.flatMap((alternative) => startsOf(alternative, links, asked))) {
    const key = `${link.type} ${link.code}`;
    branches.set(key, { ...link, targets: [...(branches.get(key)?.targets ?? []), target] });
  }
  return { kind: 'hierarchy', direction: asked.direction, branches: [...branches.values()] };
}
