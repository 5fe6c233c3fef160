/** One check of one resource against one profile: what it knows and what it found. */
import type { Conformance } from '../../fhir/conformance.ts';
import type { ElementModel } from '../../fhir/element-model.ts';
import type { Issue, IssueType } from '../../fhir/issue.ts';
import type { Terminology } from '../../fhir/terminology.ts';
import type { PropertyFinder } from '../../fhirpath/evaluate/children.ts';
import type { Invariant, InvariantContext } from '../../fhirpath/invariant/compile-invariant.ts';
import type { SnapshotOf } from '../snapshot/create-snapshots.ts';
import { type Cursor, expressionOf } from './cursor.ts';

export interface ProfileCheckOptions {
  readonly conformance: Conformance;
  readonly terminology: Terminology;
  readonly elements: ElementModel;
  readonly properties: PropertyFinder;
  readonly snapshotOf: SnapshotOf;
  compileInvariant(expression: string, type: string, elements: ElementModel): Invariant;
}

export const maximumIssues = 100;

/** Profiles of profiles of elements; deeper they go in circles. */
export const maximumDepth = 64;

const inWords = (at: Cursor | string): string => (typeof at === 'string' ? at : expressionOf(at));

export class Run {
  readonly issues: Issue[] = [];
  readonly context: InvariantContext;
  /** False when only errors are asked for: then what could only be a warning is not looked at. */
  readonly wantsWarnings: boolean;
  readonly depth: number;

  constructor(context: InvariantContext, wantsWarnings: boolean, depth = 0) {
    this.context = context;
    this.wantsWarnings = wantsWarnings;
    this.depth = depth;
  }

  /** A run of its own within this one, to see whether something fits. */
  within(): Run {
    return new Run(this.context, this.wantsWarnings, this.depth + 1);
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
