/** What a terminology server answered, for as long as it may be believed. https://hl7.org/fhir/R4/terminology-service.html */
import type { Membership } from '../fhir/terminology.ts';

export interface AnswersOptions {
  readonly maximum: number;
  /** Milliseconds that an answer holds. */
  readonly lifetime: number;
  /** Milliseconds that not knowing holds. */
  readonly lifetimeOfUnknown: number;
  /** Milliseconds since 1970. */
  now(): number;
}

interface Answer {
  readonly membership: Membership;
  readonly until: number;
}

/** Answers by question; of more than `maximum` those asked longest ago are forgotten. */
export class Answers {
  readonly #options: AnswersOptions;
  readonly #known = new Map<string, Answer>();

  constructor(options: AnswersOptions) {
    this.#options = options;
  }

  get(question: string): Membership | undefined {
    const answer = this.#known.get(question);
    if (!answer) return undefined;
    this.#known.delete(question);
    if (answer.until <= this.#options.now()) return undefined;
    this.#known.set(question, answer);
    return answer.membership;
  }

  put(question: string, membership: Membership): void {
    const { now, lifetime, lifetimeOfUnknown, maximum } = this.#options;
    this.#known.delete(question);
    this.#known.set(question, { membership, until: now() + (membership === 'unknown' ? lifetimeOfUnknown : lifetime) });
    for (const oldest of this.#known.keys()) {
      if (this.#known.size <= maximum) break;
      this.#known.delete(oldest);
    }
  }
}
