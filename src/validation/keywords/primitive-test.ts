/** Schemas of primitive types as one expression each, which is true for what they allow. https://hl7.org/fhir/R4/datatypes.html#primitive */
import { type Code, type CodeGen, type Name, _ } from 'ajv';
import { isBase64 } from '../base64.ts';
import { isCalendarDate } from '../calendar.ts';
import { isNarrative } from '../narrative.ts';

/** What the string formats of the schemas mean. */
export const formats = { base64: isBase64, calendar: isCalendarDate, xhtml: isNarrative } as const;

type Test = (value: unknown, data: Name, gen: CodeGen) => Code;

const types: Readonly<Record<string, (data: Name) => Code>> = {
  string: (data) => _`typeof ${data} === "string"`,
  boolean: (data) => _`typeof ${data} === "boolean"`,
  number: (data) => _`typeof ${data} === "number" && isFinite(${data})`,
  integer: (data) => _`Number.isInteger(${data})`,
};

/** By keyword, in the order in which they are asked. */
const tests: Readonly<Record<string, Test>> = {
  type: (type, data) => (types[String(type)] as (data: Name) => Code)(data),
  enum: (codes, data, gen) => _`${gen.scopeValue('obj', { ref: new Set(codes as readonly string[]) })}.has(${data})`,
  minimum: (limit, data) => _`${data} >= ${Number(limit)}`,
  maximum: (limit, data) => _`${data} <= ${Number(limit)}`,
  maxLength: (limit, data) => _`${data}.length <= ${Number(limit)}`,
  pattern: (pattern, data, gen) => {
    const compiled = gen.scopeValue('pattern', { key: String(pattern), ref: new RegExp(String(pattern)) });
    return _`${compiled}.test(${data})`;
  },
  format: (format, data, gen) => {
    const check = gen.scopeValue('func', { ref: formats[format as keyof typeof formats] });
    return _`${check}(${data})`;
  },
};

const annotations: ReadonlySet<string> = new Set(['$schema', '$id']);

/** The expression for a schema that uses no other keywords, else undefined. */
export function primitiveTest(schema: object, data: Name, gen: CodeGen): Code | undefined {
  const keywords = Object.keys(schema).filter((keyword) => !annotations.has(keyword));
  if (!keywords.every((keyword) => Object.hasOwn(tests, keyword))) return undefined;
  const first = ['type', 'enum'];
  const ordered = keywords.sort((one, other) => first.indexOf(other) - first.indexOf(one));
  return ordered
    .map((keyword) => (tests[keyword] as Test)((schema as Record<string, unknown>)[keyword], data, gen))
    .reduce((one, other) => _`${one} && ${other}`);
}
