/** One value of a search parameter as a client asks for it, with its meaning. */
import type { Value } from './values.ts';

export interface Asked {
  readonly text: string;
  readonly modifier?: string;
  /** True of a resource with these values of the parameter. */
  holds(values: readonly Value[]): boolean;
}

export const escaped = (text: string): string => text.replaceAll(/[\\,|$]/g, '\\$&');
