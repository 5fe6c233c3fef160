/** Runs a plain JavaScript file as a process of its own that tells its result by one message. */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

/** `file` stands beside this one. Throws when the process ends without a message. */
export async function resultOf<Result>(file: string, parameters: readonly string[]): Promise<Result> {
  const child = fork(fileURLToPath(new URL(file, import.meta.url)), parameters, { execArgv: [] });
  const failed = once(child, 'exit').then((): never => {
    throw new Error(`${file} ${parameters.join(' ')} failed`);
  });
  // when the answer wins, the end of the process is no failure
  failed.catch(() => undefined);
  const [result] = (await Promise.race([once(child, 'message'), failed])) as [Result];
  return result;
}
