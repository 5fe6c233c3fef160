/** The least and the greatest value of a SampledData. https://hl7.org/fhir/R4/datatypes.html#SampledData */
import type { NumberRange } from './number-range.ts';
import { membersOf, numberOf, type Shape, textOf } from './shapes.ts';

/** The value of one sample in units of the factor; errors (`E`) and gaps have none. */
function sampleOf(text: string, { lowerLimit, upperLimit }: Shape): number | undefined {
  if (text === 'L') return numberOf(lowerLimit);
  if (text === 'U') return numberOf(upperLimit);
  return text === '' ? undefined : numberOf(Number(text));
}

/** Undefined when there is no sample with a value. */
export function sampledRange(sampled: Shape): NumberRange | undefined {
  const origin = numberOf(membersOf(sampled['origin'])['value']) ?? 0;
  const factor = numberOf(sampled['factor']) ?? 1;
  let low = Infinity;
  let high = -Infinity;
  for (const text of (textOf(sampled['data']) ?? '').split(' ')) {
    const sample = sampleOf(text, sampled);
    if (sample === undefined) continue;
    // limits are given in the units of the origin already
    const value = text === 'L' || text === 'U' ? sample : origin + sample * factor;
    low = Math.min(low, value);
    high = Math.max(high, value);
  }
  return low <= high ? { low, high } : undefined;
}
