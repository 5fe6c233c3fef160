/** What a check of one resource knows and collects beside AJV's errors; the `this` of compiled schemas. https://hl7.org/fhir/R4/validation.html */
import type { InvariantContext } from '../fhirpath/invariant/compile-invariant.ts';

/** Where something is, as a JSON pointer: below the part that is being checked and, once that is done, below the resource. */
interface Placed {
  instancePath: string;
}

/** Something found on the way. */
export interface Found extends Placed {
  readonly value: Readonly<Record<string, unknown>>;
}

/** A rule that should hold and does not: kept apart from errors, so that a thousand of them cannot hide one. `params` are as in an AJV error. */
export interface Warning extends Placed {
  readonly keyword: string;
  readonly schemaPath: string;
  readonly params: Readonly<Record<string, unknown>>;
}

/** More warnings than this help nobody. */
export const maximumWarnings = 100;

/** Tells what was found in a part, from the index `start` on, where the part stands. */
export function moveBelow(path: string, found: readonly Placed[], start: number): void {
  for (let index = start; index < found.length; index += 1) {
    const one = found[index] as Placed;
    one.instancePath = path + one.instancePath;
  }
}

export interface CheckOptions {
  readonly resource: object;
  /** The one that contains it, or itself. */
  readonly rootResource: object;
  readonly resolve: (reference: string) => object | undefined;
  /** False when nobody will read warnings: then they are not looked for. */
  readonly wantsWarnings: boolean;
}

export class CheckContext implements InvariantContext {
  readonly resource: object;
  readonly rootResource: object;
  readonly resolve: (reference: string) => object | undefined;
  readonly wantsWarnings: boolean;
  /** Whole resources within the resource, still to be checked by their own types. */
  readonly nested: Found[] = [];
  /** Extensions, still to be compared with their definitions. */
  readonly extensions: Found[] = [];
  readonly warnings: Warning[] = [];
  /** All of these in the order in which they were found. */
  readonly found: Placed[] = [];

  constructor({ resource, rootResource, resolve, wantsWarnings }: CheckOptions) {
    this.resource = resource;
    this.rootResource = rootResource;
    this.resolve = resolve;
    this.wantsWarnings = wantsWarnings;
  }

  note(list: 'nested' | 'extensions', value: Found['value'], instancePath: string): void {
    const found = { value, instancePath };
    this[list].push(found);
    this.found.push(found);
  }

  warn(warning: Warning): void {
    if (this.warnings.length >= maximumWarnings) return;
    this.warnings.push(warning);
    this.found.push(warning);
  }

  /** What was found since there were `start` things stands below `path`. */
  moveBelow(path: string, start: number): void {
    moveBelow(path, this.found, start);
  }
}
