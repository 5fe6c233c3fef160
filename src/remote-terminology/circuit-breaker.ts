/** Stops asking a server that does not answer, and tries it again after a while. https://learn.microsoft.com/azure/architecture/patterns/circuit-breaker */

export interface CircuitBreakerOptions {
  /** Failures in a row after which nothing is asked. */
  readonly failures: number;
  /** Milliseconds until one question is tried again. */
  readonly pause: number;
  /** Milliseconds since 1970. */
  now(): number;
  /** Called when it opens and when it closes. */
  changed(isAvailable: boolean): void;
}

export class CircuitBreaker {
  readonly #options: CircuitBreakerOptions;
  #failures = 0;
  #openUntil: number | undefined;
  #isTrying = false;

  constructor(options: CircuitBreakerOptions) {
    this.#options = options;
  }

  /** True when a question may be asked now; after a pause, one at a time. */
  allows(): boolean {
    if (this.#openUntil === undefined) return true;
    if (this.#isTrying || this.#options.now() < this.#openUntil) return false;
    this.#isTrying = true;
    return true;
  }

  succeeded(): void {
    this.#failures = 0;
    this.#isTrying = false;
    if (this.#openUntil === undefined) return;
    this.#openUntil = undefined;
    this.#options.changed(true);
  }

  failed(): void {
    this.#failures += 1;
    this.#isTrying = false;
    const { failures, pause, now, changed } = this.#options;
    if (this.#failures < failures) return;
    const isNew = this.#openUntil === undefined;
    this.#openUntil = now() + pause;
    if (isNew) changed(false);
  }
}
