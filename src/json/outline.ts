/** Notes during a scan where the identity of a resource stands, and those of the entries of a Bundle. */
import type { MetaOutline, ResourceOutline, Span } from './document.ts';
import type { Watch } from './scan.ts';

class MetaWatch implements Watch {
  #members = 0;
  #versionId: Span | undefined;
  #lastUpdated: Span | undefined;

  inside(): undefined {
    return undefined;
  }

  found(step: string | number, start: number, end: number): void {
    if (typeof step === 'number') return;
    this.#members += 1;
    if (step === 'versionId') this.#versionId = { start, end };
    if (step === 'lastUpdated') this.#lastUpdated = { start, end };
  }

  /** What is no object counts as empty: there is nothing in it to keep. */
  outline(value: Span): MetaOutline {
    return {
      value,
      empty: this.#members === 0,
      ...(this.#versionId && { versionId: this.#versionId }),
      ...(this.#lastUpdated && { lastUpdated: this.#lastUpdated }),
    };
  }
}

class ResourceWatch implements Watch {
  readonly #meta = new MetaWatch();
  readonly #entries: EntriesWatch | undefined;
  #resourceType: Span | undefined;
  #id: Span | undefined;
  #metaValue: Span | undefined;

  constructor(entries?: EntriesWatch) {
    this.#entries = entries;
  }

  inside(step: string | number): Watch | undefined {
    if (step === 'meta') return this.#meta;
    return step === 'entry' ? this.#entries : undefined;
  }

  found(step: string | number, start: number, end: number): void {
    if (step === 'resourceType') this.#resourceType = { start, end };
    if (step === 'id') this.#id = { start, end };
    if (step === 'meta') this.#metaValue = { start, end };
  }

  outline(object: Span): ResourceOutline {
    return {
      object,
      ...(this.#resourceType && { resourceType: this.#resourceType }),
      ...(this.#id && { id: this.#id }),
      ...(this.#metaValue && { meta: this.#meta.outline(this.#metaValue) }),
    };
  }
}

class EntryWatch implements Watch {
  #resource: ResourceWatch | undefined;
  #value: Span | undefined;

  inside(step: string | number): Watch | undefined {
    if (step !== 'resource') return undefined;
    this.#resource = new ResourceWatch();
    return this.#resource;
  }

  found(step: string | number, start: number, end: number): void {
    if (step === 'resource') this.#value = { start, end };
  }

  outline(): ResourceOutline | undefined {
    return this.#value && this.#resource?.outline(this.#value);
  }
}

class EntriesWatch implements Watch {
  readonly #entries: EntryWatch[] = [];

  inside(step: string | number): Watch | undefined {
    if (typeof step === 'string') return undefined;
    const entry = new EntryWatch();
    this.#entries.push(entry);
    return entry;
  }

  found(): void {}

  outlines(): readonly (ResourceOutline | undefined)[] {
    return this.#entries.map((entry) => entry.outline());
  }
}

/** The watch of a whole text whose root is a resource. */
export class DocumentWatch implements Watch {
  readonly #entries = new EntriesWatch();
  readonly #resource = new ResourceWatch(this.#entries);
  #object: Span = { start: 0, end: 0 };

  inside(): Watch {
    return this.#resource;
  }

  found(_step: string | number, start: number, end: number): void {
    this.#object = { start, end };
  }

  outline(): ResourceOutline {
    return this.#resource.outline(this.#object);
  }

  entries(): readonly (ResourceOutline | undefined)[] {
    return this.#entries.outlines();
  }
}
