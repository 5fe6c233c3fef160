/** Values of a FHIR type that have what an expression asks for, in all combinations: what examples, which break no rule, do not show. */
import fc from 'fast-check';
import type { ElementDefinition, ElementModel } from '../../../src/fhir/element-model.ts';
import type { Expression } from '../../../src/fhirpath/ast.ts';
import { parse } from '../../../src/fhirpath/parse.ts';
import { rewrite } from '../../../src/fhirpath/rewrite.ts';

interface Vocabulary {
  readonly names: ReadonlySet<string>;
  readonly texts: readonly string[];
}

function vocabularyOf(expression: string): Vocabulary {
  const names = new Set(['id']);
  const texts = new Set(['a', '#a', 'http://a.example/b']);
  rewrite(parse(expression), (node: Expression) => {
    if (node.kind === 'member') names.add(node.name);
    if (node.kind === 'call' && node.name === 'extension') names.add('extension');
    if (node.kind === 'literal' && node.type === 'string') texts.add(node.text);
    return node;
  });
  return { names, texts: [...texts] };
}

/** What is compared without being named. */
const unnamed = new Set(['Quantity.value', 'Quantity.code', 'Coding.system', 'Coding.code']);

const dates = ['2020', '2020-05', '2020-05-01', '2021-06-30'];
const moments = ['2020-05-01T10:00:00Z', '2020-05-01T12:00:00+02:00', '2020-05-02T00:00:00Z'];
const primitives: Readonly<Record<string, readonly unknown[]>> = {
  boolean: [true, false],
  integer: [-1, 0, 1, 2],
  positiveInt: [1, 2],
  unsignedInt: [0, 1, 2],
  decimal: [-1, 0, 0.5, 1, 2],
  date: dates,
  dateTime: [...dates, ...moments],
  instant: moments,
  time: ['10:00:00', '11:30:00'],
};

/** Deeper than any rule of R4 asks. */
const maximumDepth = 5;
/** Of a choice, the first so many types. */
const maximumTypes = 12;

const capitalise = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

class MadeUpValues {
  readonly #elements: ElementModel;
  readonly #vocabulary: Vocabulary;

  constructor(elements: ElementModel, vocabulary: Vocabulary) {
    this.#elements = elements;
    this.#vocabulary = vocabulary;
  }

  ofType(type: string, depth: number): fc.Arbitrary<unknown> {
    const definition = this.#elements.type(type);
    if (definition?.kind === 'primitive') return fc.constantFrom(...(primitives[type] ?? this.#vocabulary.texts));
    if (type === 'Resource') return fc.constantFrom(...this.#resourceTypes()).chain((name) => this.ofType(name, depth));
    const named = Object.entries(definition?.elements ?? {}).filter(
      ([name]) => this.#vocabulary.names.has(name) || unnamed.has(`${type}.${name}`),
    );
    const parts = depth === 0 ? [] : named.map(([name, element]) => this.#property(name, element, depth));
    return fc.tuple(...parts.map((part) => fc.option(part, { nil: {} }))).map((found) => {
      const mark = definition?.kind === 'resource' ? { resourceType: type } : {};
      return Object.assign(mark, ...found) as unknown;
    });
  }

  #property(name: string, { types, choice, many }: ElementDefinition, depth: number): fc.Arbitrary<object> {
    return fc.constantFrom(...types.slice(0, maximumTypes)).chain((type) => {
      const one = this.ofType(type, depth - 1);
      const value = many ? fc.array(one, { minLength: 1, maxLength: 3 }) : one;
      return value.map((made) => ({ [choice ? name + capitalise(type) : name]: made }));
    });
  }

  #resourceTypes(): readonly string[] {
    const named = [...this.#vocabulary.names].filter((name) => this.#elements.type(name)?.kind === 'resource');
    return [...named, 'Patient', 'Observation'];
  }
}

/** `count` values, the same ones each time. */
export function madeUpValues(
  { expression, type }: { readonly expression: string; readonly type: string },
  elements: ElementModel,
  count: number,
): readonly unknown[] {
  const values = new MadeUpValues(elements, vocabularyOf(expression)).ofType(type, maximumDepth);
  return fc.sample(values, { numRuns: count, seed: 4 });
}
