/** One check of one resource against one profile: what it knows and what it found. */
import type { Conformance } from '../../fhir/conformance.ts';
import type { ElementModel } from '../../fhir/element-model.ts';
import type { Issue, IssueType } from '../../fhir/issue.ts';
import type { Terminology } from '../../fhir/terminology.ts';
import type { PropertyFinder } from '../../fhirpath/evaluate/children.ts';
import type { Invariant, InvariantContext, Selection } from '../../fhirpath/invariant/compile-invariant.ts';
import type { ElementFacts } from '../snapshot/element-tree.ts';
import type { SnapshotOf } from '../snapshot/create-snapshots.ts';
import { type Cursor, expressionOf } from './cursor.ts';

export interface ProfileCheckOptions {
  readonly conformance: Conformance;
  readonly terminology: Terminology;
  readonly elements: ElementModel;
  readonly properties: PropertyFinder;
  readonly snapshotOf: SnapshotOf;
  compileInvariant(expression: string, type: string, elements: ElementModel): Invariant;
  compileSelection(expression: string, type: string, elements: ElementModel): Selection;
}

export const maximumIssues = 100;

/** Profiles of profiles of elements; deeper they go in circles. */
export const maximumDepth = 64;

const inWords = (at: Cursor | string): string => (typeof at === 'string' ? at : expressionOf(at));

/** What was found of a value, and where it stood then. */
interface Finding {
  readonly at: Cursor;
  readonly issues: readonly Issue[];
}

/** Findings of one check, by definition and value. */
type Findings = Map<object, WeakMap<object, Finding>>;

/** What all runs of one check have together. */
interface Shared {
  readonly findings: Findings;
  comparisons: number;
}

/** Of elements with slices, about half a second. */
const maximumComparisons = 2_000_000;

/** The same issues, told of the value where it stands in another way. */
function toldAt({ at, issues }: Finding, cursor: Cursor): readonly Issue[] {
  if (issues.length === 0) return issues;
  const [before, now] = [expressionOf(at), expressionOf(cursor)];
  return issues.map((issue) => ({
    ...issue,
    expression: (issue.expression ?? []).map((one) => now + one.slice(before.length)),
  }));
}

/** How a run within another begins. */
interface Inner {
  readonly depth?: number;
  readonly shared?: Shared | undefined;
}

export class Run {
  readonly issues: Issue[] = [];
  readonly context: InvariantContext;
  /** False when only errors are asked for: then what could only be a warning is not looked at. */
  readonly wantsWarnings: boolean;
  readonly depth: number;
  #shared: Shared | undefined;

  constructor(context: InvariantContext, wantsWarnings: boolean, { depth = 0, shared }: Inner = {}) {
    this.context = context;
    this.wantsWarnings = wantsWarnings;
    this.depth = depth;
    this.#shared = shared;
  }

  /** A run of its own within this one, to see whether something fits. */
  within(): Run {
    return new Run(this.context, this.wantsWarnings, { depth: this.depth + 1, shared: this.#common });
  }

  get #common(): Shared {
    return (this.#shared ??= { findings: new Map(), comparisons: 0 });
  }

  /** False once more elements were to be compared with more slices than any guide needs. */
  mayCompare(count: number): boolean {
    this.#common.comparisons += count;
    return this.#common.comparisons <= maximumComparisons;
  }

  /**
   * What `find` finds of an element with regard to a definition, looked for once in a check. While it looks, the element counts
   * as conforming: profiles and references go in circles, and each way around would lead to twice as many.
   */
  once(at: Cursor, definition: object, find: () => readonly Issue[]): readonly Issue[] {
    const { value } = at;
    if (typeof value !== 'object' || value === null) return find();
    const { findings } = this.#common;
    const found = findings.get(definition) ?? new WeakMap<object, Finding>();
    findings.set(definition, found);
    const known = found.get(value);
    if (known) return toldAt(known, at);
    found.set(value, { at, issues: [] });
    const issues = find();
    found.set(value, { at, issues });
    return issues;
  }

  get isFull(): boolean {
    return this.issues.length >= maximumIssues;
  }

  error(code: IssueType, diagnostics: string, at: Cursor | string): void {
    this.#add({ severity: 'error', code, diagnostics, expression: [inWords(at)] });
  }

  warning(code: IssueType, diagnostics: string, at: Cursor | string): void {
    if (this.wantsWarnings) this.#add({ severity: 'warning', code, diagnostics, expression: [inWords(at)] });
  }

  addAll(issues: readonly Issue[]): void {
    for (const issue of issues) this.#add(issue);
  }

  #add(issue: Issue): void {
    if (!this.isFull) this.issues.push(issue);
  }
}

/** A rule about one element that is there. */
export type Rule = (cursor: Cursor, run: Run) => void;

/** An element in a profile, and what its type says of it without the profile. */
export interface RuleSource {
  readonly facts: ElementFacts;
  readonly base: ElementFacts | undefined;
  /** FHIR path, such as `Patient.name`, for people. */
  readonly path: string;
  /** Canonical of the profile. */
  readonly profile: string;
}
