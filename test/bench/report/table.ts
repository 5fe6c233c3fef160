/** Tables in Markdown, and numbers as people read them. */
import type { Spread } from '../statistics.ts';

/** Columns after the first hold numbers and are aligned to the right. Cells are padded, so that the text is a table too. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const widths = head.map((title, column) => Math.max(3, title.length, ...rows.map((row) => row[column]?.length ?? 0)));
  const line = (cells: readonly string[]) =>
    `| ${widths.map((width, column) => pad(cells[column] ?? '', width, column)).join(' | ')} |`;
  const rule = widths.map((width, column) => (column === 0 ? '-'.repeat(width) : `${'-'.repeat(width - 1)}:`));
  return [line(head), line(rule), ...rows.map(line)].join('\n');
}

const pad = (text: string, width: number, column: number): string =>
  column === 0 ? text.padEnd(width) : text.padStart(width);

/** Three significant digits below 100, none after the point above, thousands set off. */
export function readable(value: number): string {
  if (!Number.isFinite(value)) return '–';
  const digits = Math.abs(value) >= 100 ? 0 : Math.abs(value) >= 10 ? 1 : 2;
  return value.toLocaleString('en-US', { minimumFractionDigits: 0, maximumFractionDigits: digits });
}

/** The median with the lowest and the highest of the rounds. */
export function readableSpread({ median, lowest, highest }: Spread): string {
  return lowest === highest ? readable(median) : `${readable(median)} (${readable(lowest)}–${readable(highest)})`;
}

/** An aim, and whether it is met. */
export function readableAim(aim: number | undefined, { median }: Spread): string {
  if (aim === undefined) return '';
  return median <= aim
    ? `≤ ${readable(aim)} met`
    : `≤ ${readable(aim)} missed by ${readable((median / aim - 1) * 100)} %`;
}
