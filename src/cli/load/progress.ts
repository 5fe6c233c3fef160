/** Shows how loading goes: a bar on a terminal, plain lines elsewhere. */
import type { Terminal } from '../command.ts';
import type { LoadListener } from './load-files.ts';
import type { LoadFailure } from './parcel.ts';

/** The part of a terminal stream that a bar needs. */
export interface Screen {
  readonly isTTY?: boolean;
  readonly columns?: number;
  write(text: string): unknown;
}

export interface Progress extends LoadListener {
  /** Takes the bar away. */
  end(): void;
}

export interface ProgressOptions {
  readonly terminal: Terminal;
  readonly screen: Screen;
  readonly totalBytes: number;
  /** Milliseconds. */
  readonly now: () => number;
}

/** Failures of one file that are told one by one; thousands of the same would hide the rest. */
const toldPerFile = 20;
const barWidth = 24;
const redrawMs = 100;
const clearLine = '\r\u001b[K';

export const count = (value: number): string => value.toLocaleString('en');

/** Resources a second. */
export function rate(resources: number, milliseconds: number): string {
  return count(Math.round((resources * 1_000) / Math.max(milliseconds, 1)));
}

function failureText({ file, place, reason }: LoadFailure): string {
  return `FAILED ${file}${place ? `, ${place}` : ''}: ${reason}`;
}

/** Counts per file, as the plain lines and the limit of told failures need it. */
interface FileTally {
  stored: number;
  failed: number;
}

export function createProgress({ terminal, screen, totalBytes, now }: ProgressOptions): Progress {
  const started = now();
  const tallies = new Map<string, FileTally>();
  const total = { bytes: 0, resources: 0, drawn: -Infinity };
  const isBar = screen.isTTY === true;

  function tallyOf(file: string): FileTally {
    const tally = tallies.get(file) ?? { stored: 0, failed: 0 };
    tallies.set(file, tally);
    return tally;
  }
  function draw(file: string): void {
    if (!isBar || now() - total.drawn < redrawMs) return;
    total.drawn = now();
    const share = Math.min(total.bytes / Math.max(totalBytes, 1), 1);
    const bar = '█'.repeat(Math.round(share * barWidth)).padEnd(barWidth, '░');
    const speed = rate(total.resources, now() - started);
    const text = `${bar} ${Math.round(share * 100)} %  ${count(total.resources)} resources, ${speed}/s  ${file}`;
    screen.write(clearLine + text.slice(0, (screen.columns ?? 80) - 1));
  }
  function end(): void {
    if (isBar) screen.write(clearLine);
  }

  return {
    end,
    progress({ file, bytes, resources }) {
      total.bytes += bytes;
      total.resources += resources;
      tallyOf(file).stored += resources;
      draw(file);
    },
    failed(failure) {
      const tally = tallyOf(failure.file);
      tally.failed += 1;
      end();
      if (tally.failed <= toldPerFile) terminal.complain(failureText(failure));
    },
    fileEnded(file) {
      const { stored, failed } = tallyOf(file);
      if (failed > toldPerFile) terminal.complain(`FAILED ${file}: and ${count(failed - toldPerFile)} more`);
      if (!isBar)
        terminal.print(`${file}: ${count(stored)} resources${failed > 0 ? `, ${count(failed)} failures` : ''}`);
    },
  };
}
