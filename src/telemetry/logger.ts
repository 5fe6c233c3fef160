/** Structured logs: one JSON object a line, without bodies, parameters, ids or names. https://getpino.io */
import { type DestinationStream, type Level, pino } from 'pino';
import { describeError } from './describe-error.ts';
import type { Observation } from './observation.ts';
import type { Subscriber } from './observer.ts';

export interface LoggerOptions {
  /** The least severe level to write. */
  readonly level: Level | 'silent';
  /** Where the lines go; standard output unless told otherwise. */
  readonly destination?: DestinationStream;
}

/** A level that lets everything through in order; requests that failed by our fault stand out. */
function levelOf(observation: Observation): Level {
  switch (observation.kind) {
    case 'unexpected-error':
    case 'audit-failed':
    case 'database-lost':
      return 'error';
    case 'terminology-lost':
      return 'warn';
    case 'request-finished':
      return observation.status >= 500 ? 'warn' : 'info';
    default:
      return 'info';
  }
}

/** Collects lines and writes them together, at the latest after a second and at exit: a system call per request costs more than the rest of logging. */
function standardOutput(): DestinationStream {
  return pino.destination({ dest: 1, sync: false, minLength: 4096, periodicFlush: 1000 });
}

/** A subscriber that writes every observation as one line. */
export function createLogger({ level, destination = standardOutput() }: LoggerOptions): Subscriber {
  const log = pino(
    {
      level,
      base: null,
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
    },
    destination,
  );
  return (observation) => {
    const { kind, ...facts } = observation;
    const about = 'error' in facts ? { ...facts, error: describeError(facts.error) } : facts;
    log[levelOf(observation)](about, kind);
  };
}
