/** `resolve() is Patient`, decided from the reference alone: nothing is fetched. https://hl7.org/fhir/R4/fhirpath.html#functions */
import { parseReference } from '../fhir/reference.ts';
import { isObject } from './steps.ts';

/** True when a Reference, canonical or uri points to a resource of this type, by its URL or, where the URL does not tell, by `Reference.type`. */
export function refersTo(type: string): (value: unknown) => boolean {
  const prefix = `${type}/`;
  return (value) => {
    const url = isObject(value) ? value['reference'] : value;
    if (typeof url === 'string') {
      if (url.startsWith(prefix)) return true;
      const literal = parseReference(url);
      if (literal) return literal.type === type;
    }
    return isObject(value) && value['type'] === type;
  };
}
