/** Base64 content, by one pass over it: the specification's own pattern takes exponential time. https://hl7.org/fhir/R4/datatypes.html#base64Binary */

const isSpace = (code: number): boolean => code === 0x20 || code === 0x0a || code === 0x0d || code === 0x09;
const padding = 0x3d;

/** True when the characters come in fours and `=` only fills up the last four. That nothing else than base64 characters and whitespace is there is taken as checked. */
export function isBase64(text: string): boolean {
  let characters = 0;
  let padded = 0;
  for (let index = 0; index < text.length; index += 1) {
    const code = text.charCodeAt(index);
    if (isSpace(code)) continue;
    characters += 1;
    if (code === padding) padded += 1;
    else if (padded > 0) return false;
  }
  return characters > 0 && characters % 4 === 0 && padded <= 2;
}
