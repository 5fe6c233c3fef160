/** `$ref` as JSON Schema defines it, in the way that suits FHIR, where every type leads to nearly every other: what is referred to is compiled when a resource first has it, and where an error stands is worked out only when there is one. https://json-schema.org/draft/2020-12/json-schema-core#name-direct-references-with-ref */
import { type Code, type CodeGen, type CodeKeywordDefinition, type ErrorObject, type Name, _ } from 'ajv';
import { type CheckContext, moveBelow } from '../check-context.ts';
import { primitiveTest } from './primitive-test.ts';
import { pointerTo } from './warn.ts';

/** A function that AJV makes of a schema: `this` is the context, and errors are left at the function. */
export interface CompiledSchema {
  (this: CheckContext, value: unknown): boolean;
  errors?: ErrorObject[] | null;
}

export interface SchemaSource {
  /** The schema with this absolute `$id`; undefined for a part of another, such as a backbone element. */
  schemaOf(id: string): object | undefined;
  /** Its check, which is compiled now unless it was before. */
  compiled(id: string): CompiledSchema;
}

/** A schema that others refer to. */
class Referred {
  check: CompiledSchema;
  readonly #id: string;

  constructor(id: string, compile: () => CompiledSchema) {
    this.#id = id;
    const compileFirst = (): CompiledSchema => (this.check = compile());
    this.check = function first(this: CheckContext, value: unknown): boolean {
      return compileFirst().call(this, value);
    };
  }

  /** The errors of the last call and those before it. */
  addErrors(errors: ErrorObject[] | null, path: string): ErrorObject[] {
    const found = this.check.errors ?? [];
    moveBelow(path, found, 0);
    for (const error of found) {
      if (error.schemaPath.startsWith('#')) error.schemaPath = this.#id + error.schemaPath.slice(1);
    }
    return errors === null ? found : errors.concat(found);
  }
}

/** A value in generated code, and where it stands. */
export interface Referring {
  readonly gen: CodeGen;
  readonly data: Name;
  /** Its JSON pointer. */
  readonly path: Code;
  /** The document that the reference stands in. */
  readonly baseId: string;
}

/** Writes the code that checks a value by what a reference names. */
export class References {
  readonly #source: SchemaSource;
  readonly #known = new Map<string, Referred>();

  constructor(source: SchemaSource) {
    this.#source = source;
  }

  /** Most values of primitive types are right, and one expression tells; the schema is called to say what is wrong. */
  check(reference: string, referring: Referring): void {
    const { gen, data, baseId } = referring;
    // `#/$defs/Observation.component` belongs to the document it stands in
    const id = reference.startsWith('#') ? `${baseId}${reference}` : reference;
    const schema = this.#source.schemaOf(id);
    const isRight = schema && primitiveTest(schema, data, gen);
    const referred = gen.scopeValue('wrapper', { ref: this.#referred(id) });
    if (isRight) gen.if(_`!(${isRight})`, () => callReferred(referred, referring));
    else callReferred(referred, referring);
  }

  #referred(id: string): Referred {
    const referred = this.#known.get(id) ?? new Referred(id, () => this.#source.compiled(id));
    this.#known.set(id, referred);
    return referred;
  }
}

/** Calls the check of a schema for a value; AJV's counter and list of errors go on with its errors. */
function callReferred(referred: Code, { gen, data, path }: Referring): void {
  const found = gen.const('found', _`this.found.length`);
  gen.if(_`!${referred}.check.call(this, ${data})`, () => {
    gen.code(_`vErrors = ${referred}.addErrors(vErrors, ${path})`);
    gen.code(_`errors = vErrors.length`);
  });
  gen.if(_`this.found.length > ${found}`, () => gen.code(_`this.moveBelow(${path}, ${found})`));
}

export const reference = (references: References): CodeKeywordDefinition => ({
  keyword: '$ref',
  schemaType: 'string',
  code(context) {
    const { gen, data, it } = context;
    references.check(String(context.schema), { gen, data, path: pointerTo(context), baseId: it.baseId });
  },
});
