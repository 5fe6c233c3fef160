/** Media types taken apart. https://www.rfc-editor.org/rfc/rfc9110#section-8.3.1 */

export interface MediaType {
  /** `type/subtype`, in lower case. */
  readonly name: string;
  /** By name in lower case; the first of several counts. */
  readonly parameters: ReadonlyMap<string, string>;
}

const withoutQuotes = (text: string): string =>
  text.length >= 2 && text.startsWith('"') && text.endsWith('"') ? text.slice(1, -1) : text;

/** Reads a media type or media range. A semicolon or comma inside a quoted parameter, which no parameter in use here has, is not understood. */
export function readMediaType(text: string): MediaType {
  const [name = '', ...rest] = text.split(';');
  const parameters = new Map<string, string>();
  for (const parameter of rest) {
    const equals = parameter.indexOf('=');
    if (equals < 0) continue;
    const key = parameter.slice(0, equals).trim().toLowerCase();
    if (!parameters.has(key)) parameters.set(key, withoutQuotes(parameter.slice(equals + 1).trim()));
  }
  return { name: name.trim().toLowerCase(), parameters };
}

/** True unless the media type asks for another version of FHIR than R4. https://hl7.org/fhir/R4/http.html#version-parameter */
export function isFhirR4({ parameters }: MediaType): boolean {
  return (parameters.get('fhirversion') ?? '4.0') === '4.0';
}
