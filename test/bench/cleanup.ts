/** What has to be undone at the end, whatever the end is: servers stopped, folders removed. */

type Task = () => Promise<void> | void;

export interface Cleanup {
  /** Runs when the benchmark ends, the last added first. Returns a function that runs it now instead. */
  add(task: Task): () => Promise<void>;
  /** Runs all tasks once, each even if another failed; rejects with the first failure. */
  run(): Promise<void>;
}

export function createCleanup(): Cleanup {
  const tasks: Task[] = [];
  let isOver = false;

  async function runNow(task: Task): Promise<void> {
    const index = tasks.indexOf(task);
    if (index < 0) return;
    tasks.splice(index, 1);
    await task();
  }

  return {
    add(task) {
      tasks.push(task);
      // what is started while all else is being stopped has nobody left to stop it
      if (isOver) void runNow(task);
      return () => runNow(task);
    },
    async run() {
      isOver = true;
      const failures: unknown[] = [];
      for (let task = tasks.pop(); task; task = tasks.pop()) {
        try {
          await task();
        } catch (cause) {
          failures.push(cause);
        }
      }
      if (failures.length > 0) throw failures[0];
    },
  };
}

const stopSignals = { SIGINT: 130, SIGTERM: 143, SIGHUP: 129 } as const;

/** Also cleans up when the process is told to end, by Ctrl-C or otherwise, and then ends with the status that shells expect. Ctrl-C under npm arrives more than once; only the first counts. */
export function cleanUpOnSignals(cleanup: Cleanup): void {
  let isStopping = false;
  for (const [signal, status] of Object.entries(stopSignals)) {
    process.on(signal, () => {
      if (isStopping) return;
      isStopping = true;
      void cleanup.run().finally(() => process.exit(status));
    });
  }
}
