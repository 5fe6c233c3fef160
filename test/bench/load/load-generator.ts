/** The load process as the measuring process sees it. */
import { type ChildProcess, fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { LoadReport } from './generate-load.ts';
import type { LoadOrder } from './load-order.ts';
import type { LoadAnswer } from './load-process.ts';

export interface LoadGenerator {
  /** Carries out one order. Rejects when the server cannot be reached. */
  run(order: LoadOrder): Promise<LoadReport>;
  stop(): void;
}

/** The next answer, or that there will be none. */
function answerOf(child: ChildProcess): Promise<LoadAnswer> {
  return new Promise((resolve) => {
    const settle = (answer: LoadAnswer) => {
      child.removeAllListeners('message');
      child.removeAllListeners('exit');
      resolve(answer);
    };
    child.on('message', settle);
    child.on('exit', () => settle({ error: 'The load process ended' }));
  });
}

export function startLoadGenerator(): LoadGenerator {
  const child = fork(fileURLToPath(new URL('load-process.ts', import.meta.url)), { serialization: 'advanced' });
  return {
    async run(order) {
      const answered = answerOf(child);
      child.send(order);
      const answer = await answered;
      if ('error' in answer) throw new Error(answer.error);
      return answer.report;
    },
    stop() {
      if (child.connected) child.disconnect();
    },
  };
}
