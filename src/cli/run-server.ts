/** A server as a process: what it prints, and how signals end it. */
import type { Config } from '../config.ts';
import { type RunningServer, serve } from '../server.ts';

const stopSignals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** Ctrl-C under npm arrives twice at once, from the terminal and from npm: only a later signal means impatience. */
const echoMs = 1_000;

/** Resolves with the first stop signal; one that comes later than its echo ends the process at once. */
function untilSignal(): Promise<string> {
  return new Promise((resolve) => {
    let first: number | undefined;
    const hear = (signal: NodeJS.Signals) => {
      first ??= Date.now();
      if (Date.now() - first > echoMs) process.exit(1);
      resolve(signal);
    };
    for (const signal of stopSignals) process.on(signal, hear);
  });
}

function greet({ url, newAdminToken }: RunningServer, print: (line: string) => void): void {
  if (newAdminToken) {
    print(`Admin token: ${newAdminToken.token}`);
    print(`             shown this once, kept in ${newAdminToken.file}`);
  }
  print(`Vesta serves FHIR R4 at ${url}`);
}

/** Serves until a signal comes or the database is lost for good. Resolves with the exit code. */
export async function runServer(config: Config, print: (line: string) => void): Promise<number> {
  const signal = untilSignal();
  const server = await serve(config);
  greet(server, print);
  const failure = await Promise.race([signal.then(() => undefined), server.failed]);
  await server.stop(failure ? 'the database is lost' : await signal);
  return failure ? 1 : 0;
}
