/** Gathers the index rows of one resource, each once however often its value appears. */
import type { ValueRows } from '../ports.ts';
import type { IndexSink } from './search-type.ts';

type Row<Kind extends keyof ValueRows> = ValueRows[Kind][number];

/** What references within a resource point to. */
export interface Surroundings {
  /** What references to the resource around all others point to, as key. */
  readonly selfKey: string;
  /** Where each contained resource stands, by its id. */
  readonly places: ReadonlyMap<string, number>;
}

/** Rows are told apart by their parts in one string; the parts hold no `|` but for the last. */
export class RowCollector implements IndexSink {
  private readonly tokens = new Set<string>();
  private readonly references = new Map<string, Row<'references'>>();
  private readonly dates = new Map<string, Row<'dates'>>();
  private readonly numbers = new Map<string, Row<'numbers'>>();
  private readonly strings = new Map<string, Row<'strings'>>();
  private readonly uris = new Map<string, Row<'uris'>>();
  private words: readonly string[] = [];
  /** Tokens of the parameter `code` that name a code. */
  readonly codes = new Set<string>();
  private readonly surroundings: Surroundings | undefined;

  constructor(surroundings?: Surroundings) {
    this.surroundings = surroundings;
  }

  token(key: string): void {
    this.tokens.add(key);
  }

  code(token: string): void {
    this.codes.add(token);
  }

  reference(target: string, parameter: string): void {
    this.references.set(`${target}|${parameter}`, [target, parameter]);
  }

  fragment(id: string, parameter: string): void {
    if (!this.surroundings) return;
    const { selfKey, places } = this.surroundings;
    const place = places.get(id);
    if (id === '') this.reference(selfKey, parameter);
    else if (place !== undefined) this.reference(`#${place}`, parameter);
  }

  date(parameter: string, low: string, high: string): void {
    this.dates.set(`${parameter}|${low}|${high}`, [parameter, low, high]);
  }

  number(parameter: string, low: number, high: number): void {
    this.numbers.set(`${parameter}|${low}|${high}`, [parameter, low, high]);
  }

  string(parameter: string, value: string): void {
    this.strings.set(`${parameter}|${value}`, [parameter, value]);
  }

  uri(parameter: string, value: string): void {
    this.uris.set(`${parameter}|${value}`, [parameter, value]);
  }

  /** The keys of all words, each once. */
  addWords(keys: ReadonlySet<string>): void {
    this.words = [...keys];
  }

  /** How many rows of a kind there are. */
  countOf(kind: Exclude<keyof ValueRows, 'words'>): number {
    return this[kind].size;
  }

  /** What is referred to by a parameter. */
  targetsOf(parameter: string): readonly string[] {
    return [...this.references.values()].filter((row) => row[1] === parameter).map(([target]) => target);
  }

  datesOf(parameter: string): readonly Row<'dates'>[] {
    return [...this.dates.values()].filter(([key]) => key === parameter);
  }

  /** All that is referred to. */
  targets(): ReadonlySet<string> {
    return new Set([...this.references.values()].map(([target]) => target));
  }

  /** The rows so far, in the order in which they came. */
  rows(): ValueRows {
    return {
      tokens: [...this.tokens],
      references: [...this.references.values()],
      dates: [...this.dates.values()],
      numbers: [...this.numbers.values()],
      strings: [...this.strings.values()],
      uris: [...this.uris.values()],
      words: this.words,
    };
  }
}
