/** A contained resource as the text around it has it. https://hl7.org/fhir/R4/references.html#contained */
import { findExpression } from './find-expression.ts';

/** The text of `contained[place]`; `text` is a resource that was checked before. Undefined when it is not there. */
export function containedText(text: string, place: number): string | undefined {
  const span = findExpression(text, `Resource.contained[${place}]`);
  return span && text.slice(span.start, span.end);
}
