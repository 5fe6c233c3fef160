/** A terminology server that knows what is not known here. Its answers are kept; what is asked for the first time is noted and asked when whoever computes lets it settle. See docs/adr/0009-compute-then-load.md. */
import { setMaxListeners } from 'node:events';
import type { CodedValue, Membership, Terminology } from '../fhir/terminology.ts';
import type { Lookups } from '../ports.ts';
import type { Observe } from '../telemetry/observation.ts';
import { Answers } from './answers.ts';
import { askMembership, type RemoteServer } from './ask-membership.ts';
import { CircuitBreaker } from './circuit-breaker.ts';

export interface RemoteTerminologyOptions extends RemoteServer {
  /** Milliseconds for all questions of one `settle` together. */
  readonly timeoutMs: number;
  /** Milliseconds since 1970. */
  now(): number;
  readonly observe: Observe;
}

export interface RemoteTerminology extends Lookups {
  readonly terminology: Terminology;
  /** Gives up what is under way. */
  close(): void;
}

interface Question {
  readonly valueSet: string;
  readonly coding: CodedValue;
}

const maximumAnswers = 100_000;
const anHour = 3_600_000;
const fiveMinutes = 300_000;
const failuresInARow = 5;
const pause = 30_000;
/** Questions noted at once; who asks more gets the rest as unknown. */
const maximumQuestions = 1_000;
const concurrentQuestions = 8;

const keyOf = (valueSet: string, { system, version, code }: CodedValue): string =>
  JSON.stringify([valueSet, system, version, code]);

class Remote implements RemoteTerminology {
  readonly terminology: Terminology;
  readonly #options: RemoteTerminologyOptions;
  readonly #answers: Answers;
  readonly #breaker: CircuitBreaker;
  readonly #noted = new Map<string, Question>();
  readonly #closing = new AbortController();

  constructor(local: Terminology, options: RemoteTerminologyOptions) {
    const { now, observe, url } = options;
    this.#options = options;
    this.#answers = new Answers({ maximum: maximumAnswers, lifetime: anHour, lifetimeOfUnknown: fiveMinutes, now });
    this.#breaker = new CircuitBreaker({
      failures: failuresInARow,
      pause,
      now,
      changed: (isAvailable) => observe({ kind: isAvailable ? 'terminology-regained' : 'terminology-lost', url }),
    });
    this.terminology = {
      membership: (valueSet, coding) => this.#membership(local.membership(valueSet, coding), valueSet, coding),
      displays: (coding, valueSet) => local.displays(coding, valueSet),
      isUnknownCode: (coding) => local.isUnknownCode(coding),
    };
  }

  get hasMisses(): boolean {
    return this.#noted.size > 0;
  }

  async settle(): Promise<boolean> {
    const questions = [...this.#noted];
    this.#noted.clear();
    const signal = AbortSignal.any([AbortSignal.timeout(this.#options.timeoutMs), this.#closing.signal]);
    // each question under way listens to it
    setMaxListeners(0, signal);
    const waiting = questions.values();
    let answered = 0;
    const worker = async (): Promise<void> => {
      for (const [key, question] of waiting) if (await this.#ask(key, question, signal)) answered += 1;
    };
    await Promise.all(Array.from({ length: Math.min(concurrentQuestions, questions.length) }, worker));
    return answered > 0;
  }

  close(): void {
    this.#closing.abort();
  }

  /** What is known here needs no other opinion. */
  #membership(own: Membership, valueSet: string, coding: CodedValue): Membership {
    if (own !== 'unknown' || coding.code === undefined) return own;
    const key = keyOf(valueSet, coding);
    const known = this.#answers.get(key);
    if (known !== undefined) return known;
    if (this.#noted.size < maximumQuestions) this.#noted.set(key, { valueSet, coding });
    return 'unknown';
  }

  /** True when the server answered. A question that was not answered is unknown for this time, and asked again the next. */
  async #ask(key: string, question: Question, signal: AbortSignal): Promise<boolean> {
    if (signal.aborted || !this.#breaker.allows()) return false;
    try {
      const membership = await askMembership(this.#options, question, signal);
      this.#breaker.succeeded();
      this.#answers.put(key, membership);
      return membership !== 'unknown';
    } catch {
      this.#breaker.failed();
      return false;
    }
  }
}

/** `local` answers first; what it calls unknown is asked of the server. While the server does not answer, nothing waits for it. */
export function createRemoteTerminology(local: Terminology, options: RemoteTerminologyOptions): RemoteTerminology {
  return new Remote(local, options);
}
