/** The process edge: settings from the environment, the server until a signal ends it. */
import { readConfig } from './config.ts';
import { runServer } from './cli/run-server.ts';

try {
  process.exitCode = await runServer(readConfig(process.env), console.log);
} catch (cause) {
  console.error(cause instanceof Error ? cause.message : cause);
  process.exitCode = 1;
}
