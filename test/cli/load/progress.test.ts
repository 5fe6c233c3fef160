import { describe, expect, it } from '@jest/globals';
import { createProgress } from '../../../src/cli/load/progress.ts';
import { fakeTerminal } from '../fake-terminal.ts';

function shown(isTTY: boolean) {
  const terminal = fakeTerminal();
  const written: string[] = [];
  const screen = { isTTY, columns: 120, write: (text: string) => written.push(text) };
  let time = 0;
  const progress = createProgress({ terminal, screen, totalBytes: 2_000, now: () => (time += 1_000) });
  return { progress, terminal, written };
}

describe('createProgress', () => {
  it('draws a bar on a terminal', () => {
    const { progress, terminal, written } = shown(true);
    progress.progress({ file: 'a.json', bytes: 1_000, resources: 1_234 });
    progress.fileEnded('a.json');
    progress.end();
    expect(written[0]).toContain(`${'█'.repeat(12)}${'░'.repeat(12)} 50 %  1,234 resources`);
    expect(written.at(-1)).toBe('\r\u001b[K');
    expect(terminal.printed).toEqual([]);
  });

  it('prints a line a file elsewhere', () => {
    const { progress, terminal, written } = shown(false);
    progress.progress({ file: 'a.json', bytes: 1_000, resources: 1_234 });
    progress.failed({ file: 'a.json', place: 'entry 3', reason: '422: is not a date' });
    progress.fileEnded('a.json');
    expect(terminal.printed).toEqual(['a.json: 1,234 resources, 1 failures']);
    expect(terminal.complaints).toEqual(['FAILED a.json, entry 3: 422: is not a date']);
    expect(written).toEqual([]);
  });

  it('tells the first failures of a file and counts the rest', () => {
    const { progress, terminal } = shown(false);
    for (let line = 1; line <= 25; line += 1) progress.failed({ file: 'a', place: `line ${line}`, reason: '422' });
    progress.fileEnded('a');
    expect(terminal.complaints).toHaveLength(21);
    expect(terminal.complaints.at(-1)).toBe('FAILED a: and 5 more');
  });
});
