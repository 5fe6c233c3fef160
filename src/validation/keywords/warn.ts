/** How keywords tell what should be otherwise, without failing. https://hl7.org/fhir/R4/conformance-rules.html#constraints */
import { type Code, type KeywordCxt, type Name, _, stringify } from 'ajv';

/** Where the value of a keyword stands, as a JSON pointer. */
export const pointerTo = ({ it }: KeywordCxt): Code => _`instancePath + ${it.errorPath}`;

/** Adds a warning of this keyword with these params when the condition is true and somebody wants to know. */
export function warnWhen(context: KeywordCxt, condition: Code | Name, params: Readonly<Record<string, string>>): void {
  const { gen, keyword } = context;
  const constant = gen.scopeValue('obj', { ref: params, code: stringify(params) });
  gen.if(_`this.wantsWarnings && ${condition}`, () => {
    gen.code(
      _`this.warn({keyword: ${keyword}, instancePath: ${pointerTo(context)}, schemaPath: "", params: ${constant}})`,
    );
  });
}
