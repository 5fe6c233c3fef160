/** What is written in a resource for people to read. https://hl7.org/fhir/R4/narrative.html */

const entities: ReadonlyMap<string, string> = new Map(
  Object.entries({ amp: '&', lt: '<', gt: '>', quot: '"', apos: "'", nbsp: ' ', shy: '' }),
);
/** Neither may run over the beginning of the next tag, so that each text is read once. */
const tag = /<[^<>]*>/g;
const entity = /&(?:#(\d{1,7})|#x([0-9a-fA-F]{1,6})|([A-Za-z]{2,8}));/g;
/** Elements within a word, as in `<b>H</b>eart`. */
const inline = /^<\/?(?:a|abbr|b|big|cite|code|dfn|em|i|q|s|small|span|strong|sub|sup|tt|u|var)[\s/>]/;

const lastCodePoint = 0x10_ff_ff;

function decode(whole: string, decimal?: string, hexadecimal?: string, name?: string): string {
  if (name !== undefined) return entities.get(name) ?? ' ';
  const code = decimal === undefined ? Number.parseInt(hexadecimal ?? '', 16) : Number(decimal);
  return code <= lastCodePoint ? String.fromCodePoint(code) : whole;
}

/** The text of a piece of XHTML, without its tags. */
export function textOfXhtml(xhtml: string): string {
  return xhtml.replaceAll(tag, (one) => (inline.test(one) ? '' : ' ')).replaceAll(entity, decode);
}

/** What points somewhere, and what machines read. */
const notProse: ReadonlySet<string> = new Set(['id', 'reference', 'resourceType', 'data']);
const uri = /^[A-Za-z][A-Za-z0-9+.-]{0,40}:\S*$/;
const date = /^\d{4}-\d{2}(?:-\d{2}(?:T[\d:.]+(?:Z|[+-]\d{2}:\d{2}))?)?$/;
/** Nobody writes so much without a space; Base64 is written so. */
const longestSolid = 200;

function isProse(text: string): boolean {
  if (uri.test(text) || date.test(text)) return false;
  return text.length <= longestSolid || /\s/.test(text);
}

/** Gives each text of a resource to `visit`: narratives, names, displays, codes, identifiers and remarks of the resource and what it contains; no ids, references, URIs, dates, numbers or binary data. */
export function visitProse(value: unknown, visit: (text: string) => void, name = ''): void {
  if (typeof value === 'string') {
    if (name === 'div') visit(textOfXhtml(value));
    else if (isProse(value)) visit(value);
  } else if (Array.isArray(value)) {
    for (const item of value) visitProse(item, visit, name);
  } else if (typeof value === 'object' && value !== null) {
    for (const [key, member] of Object.entries(value)) if (!notProse.has(key)) visitProse(member, visit, key);
  }
}

/** The narrative of a resource; undefined without one. */
export function narrativeOf(resource: object): string | undefined {
  const { text } = resource as { text?: { div?: unknown } | null };
  return typeof text?.div === 'string' ? textOfXhtml(text.div) : undefined;
}
