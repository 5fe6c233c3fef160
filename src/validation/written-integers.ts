/** Integers that are written as decimals. `1.0` is no integer to FHIR, though any JSON parser makes 1 of it; only the text tells. https://hl7.org/fhir/R4/datatypes.html#integer */
import type { ElementModel } from '../fhir/element-model.ts';
import type { Issue } from '../fhir/issue.ts';
import { defaultLimits, scan, type Watch } from '../json/scan.ts';
import { isObject, type Json } from './json-value.ts';

const integers: ReadonlySet<string> = new Set(['integer', 'positiveInt', 'unsignedInt']);

/** A number with a fraction of zeros or an exponent, if it stands where JSON has a value. Most texts have none, and are done. */
const suspicious = /[0-9](?:\.0{1,300}|(?:\.[0-9]{1,300})?[eE][+-]?[0-9]{1,3})[ \t\r\n]*[,}\]]/;

const maximumIssues = 100;

/** What all watches of one text share. */
interface Search {
  readonly text: string;
  readonly elements: ElementModel;
  readonly issues: Issue[];
}

const badInteger = (expression: string): Issue => ({
  severity: 'error',
  code: 'value',
  diagnostics: 'Must be written as an integer: without a point and without an exponent',
  expression: [expression],
});

/** Follows the scan of a text down the parsed value, knowing the type of each place. */
class TypedWatch implements Watch {
  readonly #search: Search;
  readonly #value: Json;
  readonly #type: string;
  readonly #expression: string;

  constructor(search: Search, value: Json, { type, expression }: { type: string; expression: string }) {
    const { resourceType } = value;
    this.#search = search;
    this.#value = value;
    this.#type = typeof resourceType === 'string' ? resourceType : type;
    this.#expression = expression;
  }

  inside(step: string | number): Watch | undefined {
    const child = this.#value[step];
    return isObject(child) ? new TypedWatch(this.#search, child, this.#placeOf(step)) : undefined;
  }

  found(step: string | number, start: number, end: number): void {
    const { text, issues } = this.#search;
    if (typeof this.#value[step] !== 'number') return;
    const { type, expression } = this.#placeOf(step);
    if (!integers.has(type) || issues.length >= maximumIssues) return;
    if (!/^-?[0-9]+$/.test(text.slice(start, end))) issues.push(badInteger(expression));
  }

  #placeOf(step: string | number) {
    if (typeof step === 'number') return { type: this.#type, expression: `${this.#expression}[${step}]` };
    const { elements } = this.#search;
    // a primitive may have such elements in its extensions
    const property = elements.property(this.#type, step) ?? elements.property(this.#type, step.replace(/^_/, ''));
    const expression = `${this.#expression}.${property?.element ?? step}`;
    return { type: property?.type ?? '', expression };
  }
}

/** The root of a text is the only thing that stands in nothing. */
const rootWatch = (watch: Watch): Watch => ({ inside: () => watch, found: () => {} });

/** The issues of integers that the text of a valid resource writes with a point or an exponent, at most 100; `path` is the FHIRPath of the resource, its type by default. */
export function writtenIntegerIssues(
  text: string,
  resource: Json,
  elements: ElementModel,
  path: string = String(resource['resourceType']),
): readonly Issue[] {
  if (!suspicious.test(text)) return [];
  const search: Search = { text, elements, issues: [] };
  scan(text, defaultLimits, rootWatch(new TypedWatch(search, resource, { type: '', expression: path })));
  return search.issues;
}
