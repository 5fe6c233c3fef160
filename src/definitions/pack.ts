/** A pack of conformance resources: one file, one resource a line, each line beginning with its url. The file is read when it is first asked, a line is parsed when it is. https://hl7.org/fhir/R4/conformance-module.html */
import { readFileSync } from 'node:fs';

export interface Pack {
  /** The resource with this url (without version), the same object each time. */
  find(url: string): object | undefined;
  /** Every url, sorted. */
  urls(): readonly string[];
}

interface Opened {
  readonly text: string;
  /** Where the line of a url begins. */
  readonly starts: ReadonlyMap<string, number>;
}

const opening = '{"url":"';

function open(path: string): Opened {
  const text = readFileSync(path, 'utf8');
  const starts = new Map<string, number>();
  for (let start = 0; start < text.length; start = text.indexOf('\n', start) + 1) {
    const from = start + opening.length;
    starts.set(text.slice(from, text.indexOf('"', from)), start);
  }
  return { text, starts };
}

/** A pack from a file whose every line is `{"url":"…",…}` and ends with a line feed. Throws when the file is missing. */
export function createPack(path: string): Pack {
  let opened: Opened | undefined;
  const parsed = new Map<string, object>();
  const content = (): Opened => (opened ??= open(path));
  return {
    find(url) {
      const known = parsed.get(url);
      if (known) return known;
      const { text, starts } = content();
      const start = starts.get(url);
      if (start === undefined) return undefined;
      const resource = JSON.parse(text.slice(start, text.indexOf('\n', start))) as object;
      parsed.set(url, resource);
      return resource;
    },
    urls: () => [...content().starts.keys()],
  };
}
