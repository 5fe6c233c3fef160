/** An error without what it was about: messages, PostgreSQL details and parameters quote the data that went wrong, and that is patient data. */
import { types } from 'node:util';

/** What may be logged of an error: what kind it is and where in our code it happened. */
export interface ErrorDescription {
  readonly name: string;
  /** Of Node (`ECONNREFUSED`) or of PostgreSQL (an SQLSTATE). */
  readonly code?: string;
  readonly status?: number;
  /** Call sites, innermost first. */
  readonly frames?: readonly string[];
  readonly cause?: ErrorDescription;
}

const maximumDepth = 4;
const maximumFrames = 12;

/** A name or a code is a word of a program; whatever does not look like one is not passed on. */
const wordPattern = /^[A-Za-z0-9_$-]{1,64}$/;
const wordOf = (value: unknown): string | undefined =>
  typeof value === 'string' && wordPattern.test(value) ? value : undefined;

/** The lines below the message. A message may itself have lines that look like frames, so nothing is kept when it cannot be found. */
function framesOf({ stack, message }: Error): readonly string[] {
  if (typeof stack !== 'string') return [];
  const start = stack.indexOf(message);
  if (start < 0) return [];
  const frames = stack.slice(start + message.length).split('\n', maximumFrames + 1);
  return frames.flatMap((line) => (line.startsWith('    at ') ? [line.slice(7)] : []));
}

/** Describes anything that was thrown, its causes included. */
export function describeError(error: unknown, depth = 1): ErrorDescription {
  // not instanceof, which does not know the errors of another realm
  if (!types.isNativeError(error)) return { name: typeof error };
  const { code, status } = error as { code?: unknown; status?: unknown };
  const word = wordOf(code);
  const frames = framesOf(error);
  return {
    name: wordOf(error.name) ?? 'Error',
    ...(word !== undefined && { code: word }),
    ...(typeof status === 'number' && { status }),
    ...(frames.length > 0 && { frames }),
    ...(error.cause !== undefined && depth < maximumDepth && { cause: describeError(error.cause, depth + 1) }),
  };
}
