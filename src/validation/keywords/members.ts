/** `properties`, `additionalProperties: false` and `choices: [{ name: "value", properties: ["valueString", …], required: false }]` in one pass over what an object has, because FHIR's types have many more elements than any resource uses. Of a choice at most one may be there, and one must be when it is required; the sibling of a value that is there does not count again. Stops looking once enough is wrong. https://json-schema.org/draft/2020-12/json-schema-core#name-properties https://hl7.org/fhir/R4/formats.html#choice */
import { type CodeGen, type CodeKeywordDefinition, type KeywordCxt, type Name, _, str } from 'ajv';
import { stopWhenEnough } from './bounded.ts';
import type { References } from './reference.ts';
import { pointerTo } from './warn.ts';

interface Choice {
  readonly name: string;
  readonly properties: readonly string[];
  readonly required: boolean;
}

/** A choice, and the variable that counts its values. */
interface Counted {
  readonly choice: Choice;
  readonly count: Name;
}

/** A choice with one type only is not checked here: a property cannot stand twice. */
function countersOf({ gen, parentSchema }: KeywordCxt): readonly Counted[] {
  const choices = (parentSchema['choices'] ?? []) as readonly Choice[];
  return choices
    .filter(({ properties, required }) => properties.length > 1 || required)
    .map((choice) => ({ choice, count: gen.let('count', 0) }));
}

/** A sibling counts when its value is absent. */
function countMember({ gen, data }: KeywordCxt, name: string, counters: readonly Counted[]): void {
  const bare = name.startsWith('_') ? name.slice(1) : name;
  const counted = counters.find(({ choice }) => choice.properties.includes(bare));
  if (!counted) return;
  const increment = (): void => void gen.code(_`${counted.count}++`);
  if (bare === name) increment();
  else gen.if(_`${data}[${bare}] === undefined`, increment);
}

/** Checks the value of one property, which is in `value`. */
function checkMember(context: KeywordCxt, name: string, value: Name, references: References): void {
  const { gen, it, schema } = context;
  const at = { ...it, errorPath: str`${it.errorPath}/${name}`, parentDataProperty: _`${name}` };
  const within = Object.assign(Object.create(context) as KeywordCxt, { it: at });
  const { $ref, ...others } = (schema as Readonly<Record<string, { readonly $ref?: string }>>)[name] ?? {};
  if ($ref !== undefined && Object.keys(others).length === 0) {
    references.check($ref, { gen, data: value, path: pointerTo(within), baseId: it.baseId });
    return;
  }
  // AJV would read the property once more by its name
  within.subschema({ keyword: 'properties', schemaProp: name, data: value }, gen.name('valid'));
}

/** Finds the member by its number with as few comparisons as there are bits in it. */
function dispatch(
  gen: CodeGen,
  number: Name,
  [start, end]: readonly [number, number],
  check: (at: number) => void,
): void {
  if (end - start === 1) {
    check(start);
    return;
  }
  const middle = (start + end) >> 1;
  gen.if(
    _`${number} < ${middle}`,
    () => dispatch(gen, number, [start, middle], check),
    () => dispatch(gen, number, [middle, end], check),
  );
}

function checkCounts(context: KeywordCxt, counters: readonly Counted[]): void {
  const { gen } = context;
  for (const { choice, count } of counters) {
    const fail = (missing: boolean) => (): void => {
      context.error(false, { name: _`${choice.name}`, missing: _`${missing}` });
    };
    gen.if(_`${count} > 1`, fail(false));
    if (choice.required) gen.if(_`${count} === 0`, fail(true));
  }
}

/** `limit`: an object with this many errors is not looked at further. `errors` is AJV's own counter in the function it generates for a type. */
export function members(limit: number, references: References): CodeKeywordDefinition {
  return {
    keyword: 'properties',
    type: 'object',
    schemaType: 'object',
    error: {
      message: 'member',
      params: ({ params }) => _`{name: ${params['name']}, missing: ${params['missing'] ?? _`undefined`}}`,
    },
    code(context) {
      const { gen, data, schema } = context;
      const known = Object.keys(schema as object);
      const numbers = gen.scopeValue('obj', { ref: new Map(known.map((name, index) => [name, index])) });
      const counters = countersOf(context);
      gen.forIn('name', data, (name) => {
        const value = gen.const('value', _`${data}[${name}]`);
        const number = gen.const('number', _`${numbers}.get(${name})`);
        const checkKnown = (): void => {
          gen.if(_`${value} !== undefined`, () =>
            dispatch(gen, number, [0, known.length], (at) => {
              countMember(context, known[at] as string, counters);
              checkMember(context, known[at] as string, value, references);
            }),
          );
        };
        gen.if(_`${number} === undefined`, () => context.error(false, { name }), checkKnown);
        stopWhenEnough(context, limit);
      });
      checkCounts(context, counters);
    },
  };
}
