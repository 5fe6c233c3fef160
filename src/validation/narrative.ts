/** The XHTML of a narrative: only the markup R4 allows, nothing active, in one pass. https://hl7.org/fhir/R4/narrative.html#xhtml */

const elements = new Set(
  `a abbr acronym b big blockquote br caption cite code col colgroup dd dfn div dl dt em h1 h2 h3 h4 h5 h6 hr i img li
   ol p pre q samp small span strong sub sup table tbody td tfoot th thead tr tt ul var`.split(/\s+/),
);

const attributes = new Set(
  `abbr accesskey align alt axis bgcolor border cellhalign cellpadding cellspacing cellvalign char charoff charset cite
   class colspan compact coords dir frame headers height href hreflang hspace id lang longdesc name nowrap rel rev
   rowspan rules scope shape span src start style summary tabindex title type valign value vspace width
   xml:lang xml:space xmlns`.split(/\s+/),
);

const namespace = 'http://www.w3.org/1999/xhtml';
const links = new Set(['cite', 'href', 'longdesc', 'src']);

/** XML knows five entities and numbers; `&nbsp;` is HTML's and undefined here. */
const entity = /&(?:amp|lt|gt|quot|apos|#[0-9]{1,7}|#x[0-9A-Fa-f]{1,6});/y;
const attribute = /[ \t\r\n]+([A-Za-z:]+)[ \t\r\n]*=[ \t\r\n]*(?:"([^<"]*)"|'([^<']*)')/y;
const tagEnd = /[ \t\r\n]*(\/?)>/y;

/** XML keeps this for the end of a CDATA section. */
const forbiddenInText = ']]>';

const slash = 0x2f;
const exclamation = 0x21;
const greater = 0x3e;

/** What a client might take for a scheme once spaces and control characters are dropped. */
const scheme = /^([a-z][a-z0-9+.-]*):/;
const ignored = /[^!-\uffff]+/g;
const safeSchemes = new Set(['http', 'https', 'mailto', 'tel', 'ftp', 'urn', 'cid']);
const imageData = /^data:image\/(?:png|gif|jpeg|webp|bmp);/;
/** Images within the narrative or beside it; fetching any other would tell its host who reads. */
const localImage = /url\([ '"]*(?:data: ?image\/(?:png|gif|jpeg);base64,)?[A-Za-z0-9+_-][A-Za-z0-9+/=._-]*['" ]*\)/g;
const activeStyle = /url|expression|import|behavior|binding|javascript|\\|\/\*/i;

const matchAt = (pattern: RegExp, text: string, at: number): RegExpExecArray | null => {
  pattern.lastIndex = at;
  return pattern.exec(text);
};

/** Numbers name characters that XML has: no control characters but white space, no halves of pairs. */
function isCharacter(number: number): boolean {
  if (number < 0x20) return number === 0x09 || number === 0x0a || number === 0x0d;
  return number <= 0xd7ff || (number >= 0xe000 && number <= 0xfffd) || (number >= 0x10000 && number <= 0x10ffff);
}

function startsEntity(text: string, at: number): boolean {
  entity.lastIndex = at;
  if (!entity.test(text)) return false;
  if (text[at + 1] !== '#') return true;
  const digits = text.slice(at + 2, entity.lastIndex - 1);
  return isCharacter(digits.startsWith('x') ? Number.parseInt(digits.slice(1), 16) : Number(digits));
}

/** Every `&` begins an entity that XML defines. */
function hasKnownEntities(text: string): boolean {
  for (let at = text.indexOf('&'); at >= 0; at = text.indexOf('&', at + 1)) {
    if (!startsEntity(text, at)) return false;
  }
  return true;
}

/** Entities in links are refused but for `&amp;`: they could spell a scheme. */
function isSafeLink(name: string, value: string): boolean {
  const link = value.replaceAll('&amp;', '').replace(ignored, '').toLowerCase();
  if (link.includes('&')) return false;
  const named = scheme.exec(link)?.[1];
  return named === undefined || safeSchemes.has(named) || (name === 'src' && imageData.test(link));
}

function isSafeAttribute(name: string, value: string): boolean {
  if (!attributes.has(name) || !hasKnownEntities(value)) return false;
  if (name === 'xmlns') return value === namespace;
  if (name === 'style') return !value.includes('&') && !activeStyle.test(value.replace(localImage, ''));
  return !links.has(name) || isSafeLink(name, value);
}

/** Position after the attributes at `start`, or -1 when one is not allowed or stands twice. */
function skipAttributes(text: string, start: number): number {
  const names: string[] = [];
  let at = start;
  for (let found = matchAt(attribute, text, at); found; found = matchAt(attribute, text, at)) {
    const [whole, name = '', double, single] = found;
    if (names.includes(name) || !isSafeAttribute(name, double ?? single ?? '')) return -1;
    names.push(name);
    at += whole.length;
  }
  return at;
}

/** Position after the closing tag at `at`, or -1 when it is not that of the innermost element. */
function skipClosing(text: string, at: number, open: string[]): number {
  const name = open.pop() ?? '';
  const end = at + 2 + name.length;
  if (!text.startsWith(name, at + 2)) return -1;
  if (text.charCodeAt(end) === greater) return end + 1;
  const last = matchAt(tagEnd, text, end);
  return last?.[1] === '' ? end + last[0].length : -1;
}

/** Most narratives are tags, and comparing numbers is several times faster than making a string of each name to look it up. */
const hashOf = (name: string): number => {
  let hash = 0;
  for (let at = 0; at < name.length; at += 1) hash = (hash * 31 + name.charCodeAt(at)) | 0;
  return hash;
};
const elementByHash: ReadonlyMap<number, string> = new Map([...elements].map((name) => [hashOf(name), name]));

const isNameCharacter = (code: number): boolean => (code >= 0x61 && code <= 0x7a) || (code >= 0x30 && code <= 0x39);

/** The name of the element whose opening tag is at `at`; undefined when it is not allowed. */
function elementAt(text: string, at: number): string | undefined {
  let hash = 0;
  let end = at + 1;
  for (let code = text.charCodeAt(end); isNameCharacter(code); code = text.charCodeAt(end)) {
    hash = (hash * 31 + code) | 0;
    end += 1;
  }
  const name = elementByHash.get(hash);
  return name !== undefined && name.length === end - at - 1 && text.startsWith(name, at + 1) ? name : undefined;
}

/** Position after the comment at `at`, or -1. */
function skipComment(text: string, at: number): number {
  const end = text.indexOf('--', at + 4);
  return end >= 0 && text[end + 2] === '>' ? end + 3 : -1;
}

/** Position after the tag or comment at `at`, or -1 when it is not allowed. `open` holds the names of the elements around it. */
function skipMarkup(text: string, at: number, open: string[]): number {
  const code = text.charCodeAt(at + 1);
  if (code === slash) return skipClosing(text, at, open);
  if (code === exclamation) return text.startsWith('<!--', at) ? skipComment(text, at) : -1;
  const name = elementAt(text, at);
  if (name === undefined) return -1;
  const start = at + 1 + name.length;
  if (text.charCodeAt(start) === greater) {
    open.push(name);
    return start + 1;
  }
  const end = skipAttributes(text, start);
  const last = end < 0 ? null : matchAt(tagEnd, text, end);
  if (!last) return -1;
  if (last[1] === '') open.push(name);
  return end + last[0].length;
}

/** The root is a div that states the namespace; what the namespace is, is checked with its other attributes. */
function isRoot(text: string, start: number): boolean {
  if (!text.startsWith('<div', start)) return false;
  let at = start + '<div'.length;
  for (let found = matchAt(attribute, text, at); found; found = matchAt(attribute, text, at)) {
    if (found[1] === 'xmlns') return true;
    at += found[0].length;
  }
  return false;
}

const skipSpace = (text: string, start: number): number => {
  let at = start;
  for (let code = text.charCodeAt(at); code === 0x20 || (code >= 0x09 && code <= 0x0d); code = text.charCodeAt(at))
    at += 1;
  return at;
};

/** True for one well-formed `<div xmlns="http://www.w3.org/1999/xhtml">` of allowed markup that shows something (txt-1, txt-2). */
export function isNarrative(text: string): boolean {
  const open: string[] = [];
  const start = skipSpace(text, 0);
  if (!isRoot(text, start)) return false;
  let shows = false;
  let at = skipMarkup(text, start, open);
  let ampersand = text.indexOf('&', at);
  let forbidden = text.indexOf(forbiddenInText, at);
  while (at >= 0 && open.length > 0) {
    const next = text.indexOf('<', at);
    if (next < 0) return false;
    // those within tags were judged with their attributes
    while (ampersand >= 0 && ampersand < next) {
      if (ampersand >= at && !startsEntity(text, ampersand)) return false;
      ampersand = text.indexOf('&', ampersand + 1);
    }
    if (forbidden >= 0 && forbidden < at) forbidden = text.indexOf(forbiddenInText, at);
    if (forbidden >= 0 && forbidden < next) return false;
    shows ||= skipSpace(text, at) < next || text.startsWith('<img', next);
    at = skipMarkup(text, next, open);
  }
  return shows && at >= 0 && skipSpace(text, at) === text.length;
}
