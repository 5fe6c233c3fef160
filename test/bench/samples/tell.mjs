/** Measures a program that validates a file, and tells what `ndjson.ts` waits for. Plain JavaScript: translating while it runs would be measured too. */
import { statSync } from 'node:fs';
import { performance } from 'node:perf_hooks';

/** `work` resolves to how many resources it saw and how many were invalid; the process ends its part with one message. */
export async function tellMeasured(file, work) {
  const before = process.cpuUsage();
  const start = performance.now();
  const { resources, invalid } = await work();
  const milliseconds = performance.now() - start;
  const { user, system } = process.cpuUsage(before);
  process.send?.({
    resources,
    invalid,
    milliseconds,
    cpuMicroseconds: user + system,
    bytes: statSync(file).size,
    peak: process.resourceUsage().maxRSS * 1_024,
  });
  process.disconnect();
}
