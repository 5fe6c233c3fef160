/** At most so many things at once. */

export interface Lanes {
  /** Resolves once the work has begun, which is when a lane is free. */
  begin(work: () => Promise<void>): Promise<void>;
  /** Resolves when all that was begun has ended. Rejects with the first failure, as `begin` does after one. */
  idle(): Promise<void>;
}

export function createLanes(count: number): Lanes {
  const running = new Set<Promise<void>>();
  const failures: unknown[] = [];
  function throwFailure(): void {
    if (failures.length > 0) throw failures[0];
  }
  return {
    async begin(work) {
      while (running.size >= count) await Promise.race(running);
      throwFailure();
      const run: Promise<void> = work()
        .catch((cause: unknown) => void failures.push(cause))
        .finally(() => running.delete(run));
      running.add(run);
    },
    async idle() {
      await Promise.all(running);
      throwFailure();
    },
  };
}
