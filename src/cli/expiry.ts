/** When a token expires: after a time, or at an instant. */
import { UsageError } from './command.ts';

const hourMs = 3_600_000;
const unitMs: Readonly<Record<string, number>> = { h: hourMs, d: 24 * hourMs };

/** Reads `12h`, `90d`, or a date or instant in the future. Throws UsageError. */
export function readExpiry(text: string, now: number): Date {
  const [, amount, unit = ''] = /^([1-9]\d{0,4})([hd])$/.exec(text) ?? [];
  if (amount !== undefined) return new Date(now + Number(amount) * (unitMs[unit] ?? 0));
  const instant = /^\d{4}-\d{2}-\d{2}(?:T.+)?$/.test(text) ? Date.parse(text) : Number.NaN;
  if (instant > now) return new Date(instant);
  throw new UsageError('--expires is a time such as 12h or 90d, or a date in the future');
}
