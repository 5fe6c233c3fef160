/** Deals the elements of a list out to the slices of a profile, and checks each slice. https://hl7.org/fhir/R4/profiling.html#slicing */
import type { ElementNode } from '../snapshot/element-tree.ts';
import type { Cursor } from './cursor.ts';
import type { Run } from './run.ts';
import type { SliceTest } from './slice-test.ts';

export interface Slice {
  readonly node: ElementNode;
  readonly name: string;
  /** Undefined when nothing tells which elements belong to it. */
  readonly test: SliceTest | undefined;
  check(cursor: Cursor, run: Run): void;
  /** Slices of this slice. */
  readonly slicing?: Slicing;
}

export interface Slicing {
  readonly profile: string;
  readonly rules: string;
  readonly isOrdered: boolean;
  readonly slices: readonly Slice[];
}

/** How many elements are of a slice, and how many more may be. */
interface Counts {
  readonly sure: number;
  readonly unsure: number;
}

function checkCount(
  { node, name }: Slice,
  { sure, unsure }: Counts,
  at: () => string,
  { slicing, run }: { slicing: Slicing; run: Run },
): void {
  const { min = 0, max = '*' } = node.facts;
  const { profile } = slicing;
  if (sure + unsure < min) run.error('required', `${profile} requires at least ${min} of the slice ${name}`, at());
  if (max !== '*' && sure > Number(max))
    run.error('structure', `${profile} allows at most ${max} of the slice ${name}`, at());
}

/** The place of the slice that an element is in, or what is the matter when it is in none. */
function sliceOf(item: Cursor, slices: readonly Slice[], run: Run): number | 'none' | 'unsure' {
  let answer: 'none' | 'unsure' = 'none';
  for (const [index, { test }] of slices.entries()) {
    const isIn = test ? test(item, run) : false;
    if (isIn === true) return index;
    if (isIn === undefined) answer = 'unsure';
  }
  return answer;
}

/** Checks the elements of one list; `at` tells the FHIRPath of the list. Slices whose elements cannot be told are left alone. */
export function checkSlicing(items: readonly Cursor[], slicing: Slicing, at: () => string, run: Run): void {
  const { slices, rules, isOrdered, profile } = slicing;
  if (!run.mayCompare(items.length * slices.length)) {
    run.error('too-costly', `${profile} has more slices than so many elements can be compared with`, at());
    return;
  }
  const found = slices.map((): Cursor[] => []);
  const canTell = slices.every(({ test }) => test !== undefined);
  let unsure = 0;
  let last = -1;
  let isAfterOthers = false;
  for (const item of items) {
    const index = sliceOf(item, slices, run);
    if (index === 'unsure') {
      unsure += 1;
      continue;
    }
    if (index === 'none') {
      isAfterOthers = true;
      if (rules === 'closed' && canTell) run.error('structure', `${profile} allows only its slices here`, item);
      continue;
    }
    found[index]?.push(item);
    if (isOrdered && index < last) run.error('structure', `${profile} wants its slices in their order`, item);
    if (rules === 'openAtEnd' && isAfterOthers)
      run.error('structure', `${profile} wants others after its slices`, item);
    last = Math.max(last, index);
  }
  for (const [index, slice] of slices.entries()) {
    if (!slice.test) continue;
    const own = found[index] ?? [];
    checkCount(slice, { sure: own.length, unsure }, at, { slicing, run });
    for (const item of own) slice.check(item, run);
    if (slice.slicing) checkSlicing(own, slice.slicing, at, run);
  }
}
