/** The fields of `/proc/<pid>/stat` that tell CPU time and family. https://man7.org/linux/man-pages/man5/proc_pid_stat.5.html */

export interface ProcessStat {
  readonly pid: number;
  readonly parent: number;
  readonly command: string;
  /** Clock ticks, user and system, of all threads. */
  readonly ticks: number;
  /** Clock ticks of children that ended and were waited for, and of theirs. */
  readonly endedChildrenTicks: number;
}

/** Reads one line; undefined when it is not one. The command stands in parentheses and may hold anything, parentheses too. */
export function parseProcessStat(line: string): ProcessStat | undefined {
  const open = line.indexOf('(');
  const close = line.lastIndexOf(')');
  if (open < 0 || close < open) return undefined;
  // the field after the command is number 3 in the manual, and index 0 here
  const fields = line.slice(close + 2).split(' ');
  const number = (position: number) => Number(fields[position - 3]);
  return {
    pid: Number(line.slice(0, open)),
    parent: number(4),
    command: line.slice(open + 1, close),
    ticks: number(14) + number(15),
    endedChildrenTicks: number(16) + number(17),
  };
}

/** The process `root` and all its descendants among `all`. */
export function familyOf(root: number, all: readonly ProcessStat[]): readonly ProcessStat[] {
  const family = new Set([root]);
  for (let size = 0; size !== family.size;) {
    size = family.size;
    for (const { pid, parent } of all) if (family.has(parent)) family.add(pid);
  }
  return all.filter(({ pid }) => family.has(pid));
}

/** Clock ticks that a family took so far, PostgreSQL's processes apart from the server's. Sessions that ended are in the account of the process that waited for them. */
export function ticksOf(family: readonly ProcessStat[]): { readonly server: number; readonly postgres: number } {
  let server = 0;
  let postgres = 0;
  for (const { command, ticks, endedChildrenTicks } of family) {
    // what node's children took before they ended is start-up work, such as initdb
    if (command.startsWith('postgres')) postgres += ticks + endedChildrenTicks;
    else server += ticks;
  }
  return { server, postgres };
}
