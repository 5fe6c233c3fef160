/** Parameters that find what two others find between them: nothing of their own is kept for them. https://hl7.org/fhir/R4/observation.html#search */
import type { SearchParameters } from './parameters.ts';

const prefix = 'combo-';

/** `combo-code` is `code` or `component-code`. Undefined for all other parameters. */
export function partsOf(type: string, code: string, parameters: SearchParameters): readonly string[] | undefined {
  if (type !== 'Observation' || !code.startsWith(prefix)) return undefined;
  const codes = parameters.forType(type);
  const parts = ['', 'component-'].map((start) => start + code.slice(prefix.length));
  return parts.every((part) => codes.has(part)) ? parts : undefined;
}
