/** A terminal for tests: keeps what was written. */
import type { Terminal } from '../../src/cli/command.ts';

export interface FakeTerminal extends Terminal {
  readonly printed: string[];
  readonly complaints: string[];
}

export function fakeTerminal(): FakeTerminal {
  const printed: string[] = [];
  const complaints: string[] = [];
  return {
    printed,
    complaints,
    print: (line) => void printed.push(line),
    complain: (line) => void complaints.push(line),
  };
}
