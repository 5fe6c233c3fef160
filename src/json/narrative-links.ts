/** Links and images in the XHTML of a narrative. https://hl7.org/fhir/R4/narrative.html */

const attribute = /\s(href|src)\s*=\s*(?:"([^"]*)"|'([^']*)')/gi;
const entities: Readonly<Record<string, string>> = {
  '&amp;': '&',
  '&quot;': '"',
  '&apos;': "'",
  '&lt;': '<',
  '&gt;': '>',
};

const decode = (text: string): string =>
  text.includes('&') ? text.replaceAll(/&(?:amp|quot|apos|lt|gt);/g, (entity) => entities[entity] ?? entity) : text;
const encode = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('"', '&quot;').replaceAll("'", '&apos;').replaceAll('<', '&lt;');

/** The end of the tag that starts at `start`; a `>` in quotes does not end it. */
function tagEnd(xhtml: string, start: number): number {
  let quote = '';
  for (let at = start + 1; at < xhtml.length; at += 1) {
    const character = xhtml.charAt(at);
    if (quote !== '') quote = character === quote ? '' : quote;
    else if (character === '"' || character === "'") quote = character;
    else if (character === '>') return at + 1;
  }
  return xhtml.length;
}

function mapTag(tag: string, resolve: (uri: string) => string | undefined): string {
  return tag.replaceAll(attribute, (whole: string, _name: string, double?: string, single?: string) => {
    const written = double ?? single ?? '';
    const resolved = resolve(decode(written));
    if (resolved === undefined) return whole;
    return whole.slice(0, whole.length - written.length - 1) + encode(resolved) + whole.slice(-1);
  });
}

/** The narrative with the values of its `href` and `src` attributes replaced as `resolve` tells. Text and comments stay untouched. */
export function mapNarrativeLinks(xhtml: string, resolve: (uri: string) => string | undefined): string {
  if (!xhtml.includes('href') && !xhtml.includes('src')) return xhtml;
  let result = '';
  let at = 0;
  for (let open = xhtml.indexOf('<'); open >= 0; open = xhtml.indexOf('<', at)) {
    const commentEnd = xhtml.startsWith('<!--', open) ? xhtml.indexOf('-->', open + 4) : undefined;
    if (commentEnd === -1) break;
    const end = commentEnd === undefined ? tagEnd(xhtml, open) : commentEnd + 3;
    const tag = xhtml.slice(open, end);
    result += xhtml.slice(at, open) + (commentEnd === undefined ? mapTag(tag, resolve) : tag);
    at = end;
  }
  return result + xhtml.slice(at);
}
