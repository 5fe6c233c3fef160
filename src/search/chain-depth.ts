/** How far chains look into contained resources: every link doubles the ways that a statement has to follow. See docs/adr/0014-contained-resources.md. */
import type { ChainCondition, Condition, HasCondition } from './condition.ts';

/** A criterion and the name by which the client gave it. */
export interface NamedCriterion {
  readonly name: string;
  readonly condition: Condition;
}

const mostLinks = 3;
/** Of one chain, into contained resources and out of them; one link is always looked along. */
const mostWays = 200;

type LinkedCondition = ChainCondition | HasCondition;

/** The conditions that a condition is made of; none of one that looks at a single resource. */
function partsOf(condition: Condition): readonly Condition[] {
  switch (condition.kind) {
    case 'chain':
      return condition.targets.map((target) => target.condition);
    case 'has':
    case 'not':
      return [condition.condition];
    case 'all':
    case 'any':
      return condition.conditions;
    default:
      return [];
  }
}

const isLinked = (condition: Condition): condition is LinkedCondition =>
  condition.kind === 'chain' || condition.kind === 'has';

/** Of the longest way from resource to resource. */
function linksOf(condition: Condition): number {
  return (isLinked(condition) ? 1 : 0) + Math.max(0, ...partsOf(condition).map(linksOf));
}

function waysOf(condition: Condition): number {
  const parts = partsOf(condition);
  return parts.length === 0 ? 1 : parts.reduce((sum, part) => sum + waysOf(part), 0);
}

/** Along so many of its links a chain looks into contained resources. */
export function depthIntoContained(chain: LinkedCondition): number {
  const ways = waysOf(chain);
  let links = 1;
  while (links < mostLinks && ways * 2 ** (links + 1) <= mostWays) links += 1;
  return links;
}

/** True when some chain is longer than it looks into contained resources. */
export function isCutShort(condition: Condition): boolean {
  return isLinked(condition)
    ? linksOf(condition) > depthIntoContained(condition)
    : partsOf(condition).some((part) => isCutShort(part));
}
