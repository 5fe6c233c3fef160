/** How to start PostgreSQL, which refuses to run as root, so that it also ends with its parent. https://man7.org/linux/man-pages/man1/setpriv.1.html */
import { spawnSync } from 'node:child_process';
import { readFileSync, realpathSync, statSync } from 'node:fs';
import path from 'node:path';

/** `namespace`: root here, nobody inside. `user`: as a user that is not root. `plain`: as who we are. */
export interface Launch {
  readonly kind: 'plain' | 'namespace' | 'user';
  /** Goes before the command. */
  readonly prefix: readonly string[];
  /** Set for `user`: who owns what PostgreSQL writes. */
  readonly uid?: number;
  readonly gid?: number;
}

/** What child processes see of the environment: nothing of ours, no locale that would change messages or encodings. */
export const childEnvironment = {
  PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin',
  LC_ALL: 'C',
  TZ: 'UTC',
} as const;

const namespace = ['unshare', '--user', '--map-user=65534', '--map-group=65534', '--'];
/** The kernel sends SIGINT, a fast shutdown, when our process dies, even by SIGKILL. Linux only. */
const endWithParent = ['setpriv', '--pdeathsig', 'INT', '--'];

function works([command = '', ...rest]: readonly string[]): boolean {
  return spawnSync(command, [...rest, 'true'], { stdio: 'ignore', env: childEnvironment }).status === 0;
}

/** A made-up number will not do: initdb wants a user with an entry in the password file. */
function ordinaryUser(): { readonly uid: number; readonly gid: number } {
  const rows = readFileSync('/etc/passwd', 'utf8')
    .split('\n')
    .map((line) => line.split(':'));
  for (const name of ['postgres', 'nobody']) {
    const row = rows.find(([user]) => user === name);
    if (row) return { uid: Number(row[2]), gid: Number(row[3]) };
  }
  throw new Error('PostgreSQL refuses to run as root, and this machine has no user postgres or nobody to run it as');
}

/** Changes to an ordinary user: for root where the kernel forbids user namespaces, as in most containers. */
export function launchAsUser(): Launch {
  return { kind: 'user', prefix: [], ...ordinaryUser() };
}

/** The best way this machine offers. */
export function chooseLaunch(): Launch {
  const prefix = works(endWithParent) ? endWithParent : [];
  if (process.getuid?.() !== 0) return { kind: 'plain', prefix };
  if (works(namespace)) return { kind: 'namespace', prefix: [...namespace, ...prefix] };
  return launchAsUser();
}

/** Whether the user of the launch may enter every folder above a path. */
export function canReach(target: string, { uid, gid }: Launch): boolean {
  if (uid === undefined) return true;
  let folder = realpathSync(target);
  while (folder !== path.dirname(folder)) {
    folder = path.dirname(folder);
    const facts = statSync(folder);
    const bit = facts.uid === uid ? 0o100 : facts.gid === gid ? 0o010 : 0o001;
    if ((facts.mode & bit) === 0) return false;
  }
  return true;
}
