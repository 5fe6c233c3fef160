/** What compiled FHIRPaths are made of: functions that take one value and hand on what follows from it. They allocate nothing for the common cases. */
import type { Visit } from './compiled-path.ts';

/** Goes on from one value; what comes out at the end of the path is given to `visit`. */
export type Step = (value: unknown, visit: Visit) => void;

export type Json = Readonly<Record<string, unknown>>;

/** A choice of this many types or fewer is read property by property, a larger one by going through the properties that are there. */
const fewAlternatives = 8;

export const isObject = (value: unknown): value is Json => typeof value === 'object' && value !== null;

/** Hands on a JSON value: each item of an array; nothing for null, which only stands where a primitive has extensions and no value. */
function each(found: unknown, next: Step, visit: Visit): void {
  if (found === undefined || found === null) return;
  if (!Array.isArray(found)) next(found, visit);
  else for (const item of found) if (item !== null) next(item, visit);
}

/** The values of one property. */
export function property(name: string, next: Step): Step {
  return (value, visit) => {
    if (isObject(value)) each(value[name], next, visit);
  };
}

/** The values of a choice element: by JSON property, what follows from it. */
export function choice(alternatives: ReadonlyMap<string, Step>): Step {
  if (alternatives.size <= fewAlternatives) {
    return both([...alternatives].map(([name, next]) => property(name, next)));
  }
  return (value, visit) => {
    if (!isObject(value)) return;
    for (const name in value) {
      const next = alternatives.get(name);
      if (next) each(value[name], next, visit);
    }
  };
}

/** All of the steps, one after another. */
export function both(steps: readonly Step[]): Step {
  const [first, second] = steps;
  if (first && steps.length === 1) return first;
  if (first && second && steps.length === 2) {
    return (value, visit) => {
      first(value, visit);
      second(value, visit);
    };
  }
  return (value, visit) => {
    for (const step of steps) step(value, visit);
  };
}

/** Goes on only with values for which the condition is true; undefined is FHIRPath's empty. */
export function when(condition: Condition, next: Step): Step {
  return (value, visit) => {
    if (condition(value) === true) next(value, visit);
  };
}

/** Goes on with the value at `position` of all that `input` yields; `next` is by type. */
export function at(position: number, input: Step, next: ReadonlyMap<string, Step>): Step {
  return (value, visit) => {
    let seen = 0;
    input(value, (item, type) => {
      if (seen++ === position) next.get(type)?.(item, visit);
    });
  };
}

/** The end of a path. */
export function end(type: string): Step {
  return (value, visit) => visit(value, type);
}

/** A FHIRPath Boolean of one value: true, false, or undefined for empty. */
export type Condition = (value: unknown) => boolean | undefined;

/** True when the path yields anything. */
export function exists(input: Step): (value: unknown) => boolean {
  return (value) => {
    let found = false;
    input(value, () => {
      found = true;
    });
    return found;
  };
}

/** `path = literal`: empty for an empty path, false for one of several values. */
export function equals(input: Step, literal: string | number | boolean): Condition {
  return (value) => {
    let count = 0;
    let only: unknown;
    input(value, (item) => {
      count++;
      only = item;
    });
    return count === 0 ? undefined : count === 1 && only === literal;
  };
}

/** A path where a Boolean is wanted: a single Boolean is itself, any other single value is true. https://hl7.org/fhirpath/N1/#singleton-evaluation-of-collections */
export function singleton(input: Step): Condition {
  return (value) => {
    let count = 0;
    let only: unknown;
    input(value, (item) => {
      count++;
      only = item;
    });
    if (count !== 1) return undefined;
    return typeof only === 'boolean' ? only : true;
  };
}
