/** Chains through one and the same reference become one: what they lead to is looked for once. */
import type { ChainCondition, Condition } from './condition.ts';

/** Several resources can have one and the same canonical. */
const isSingleChain = (condition: Condition): condition is ChainCondition =>
  condition.kind === 'chain' && condition.isSingle === true && condition.via !== 'canonical';

/** A resource of a type that only one of the chains leads to cannot satisfy both. */
function join(one: ChainCondition, other: ChainCondition): ChainCondition {
  const targets = one.targets.flatMap(({ type, condition }) => {
    const same = other.targets.find((target) => target.type === type);
    return same ? [{ type, condition: { kind: 'all' as const, conditions: [condition, same.condition] } }] : [];
  });
  return { ...one, targets };
}

/** All of the conditions must hold; where a resource refers to one at most, what is asked of it may be asked at once. */
export function joinChains(conditions: readonly Condition[]): readonly Condition[] {
  const joined: Condition[] = [];
  for (const condition of conditions) {
    const index = isSingleChain(condition)
      ? joined.findIndex(
          (one) => isSingleChain(one) && one.code === condition.code && one.types[0] === condition.types[0],
        )
      : -1;
    const other = joined[index];
    const both = other && isSingleChain(other) && isSingleChain(condition) ? join(other, condition) : undefined;
    if (both && both.targets.length > 0) joined[index] = both;
    else joined.push(condition);
  }
  return joined;
}
