/** Statistics of numbers, by R4's codes for them. https://hl7.org/fhir/R4/valueset-observation-statistics.html */

/** What the numbers were measured in: their unit, its square, or nothing. */
export type Measure = 'unit' | 'square' | 'number';

export interface Statistic {
  readonly display: string;
  readonly measure: Measure;
  /** Undefined where so few numbers, or numbers like these, have none. */
  of(sample: Sample): number | undefined;
}

export interface Sample {
  /** Ascending. */
  readonly sorted: readonly number[];
  /** How many were looked at, also those without a number. */
  readonly total: number;
}

/** Neumaier's sum: what single additions lose is kept apart, so that the order does not matter. */
function sumOf(numbers: readonly number[]): number {
  let sum = 0;
  let lost = 0;
  for (const number of numbers) {
    const next = sum + number;
    lost += Math.abs(sum) >= Math.abs(number) ? sum - next + number : number - next + sum;
    sum = next;
  }
  return sum + lost;
}

const meanOf = ({ sorted }: Sample): number | undefined =>
  sorted.length === 0 ? undefined : sumOf(sorted) / sorted.length;

const isConstant = ({ sorted }: Sample): boolean => sorted[0] === sorted.at(-1);

/** The sum of powers of the distances from the mean. */
function powers(sample: Sample, exponent: 2 | 3 | 4): number {
  const mean = meanOf(sample) ?? 0;
  return isConstant(sample) ? 0 : sumOf(sample.sorted.map((number) => (number - mean) ** exponent));
}

/** Of a sample, not of all there is: divided by one less than there are. */
function variance(sample: Sample): number | undefined {
  const { length } = sample.sorted;
  return length < 2 ? undefined : powers(sample, 2) / (length - 1);
}

/** Standardised moments: https://en.wikipedia.org/wiki/Standardized_moment */
function moment(sample: Sample, exponent: 3 | 4): number | undefined {
  const { length } = sample.sorted;
  if (isConstant(sample)) return undefined;
  return powers(sample, exponent) / length / (powers(sample, 2) / length) ** (exponent / 2);
}

/** Between two numbers in proportion, as spreadsheets do: https://en.wikipedia.org/wiki/Quantile, R-7. */
export function quantile(sorted: readonly number[], share: number): number | undefined {
  const place = (sorted.length - 1) * share;
  const below = sorted[Math.floor(place)];
  const above = sorted[Math.ceil(place)];
  if (below === undefined || above === undefined) return undefined;
  // weights of both, so that equal numbers stay what they are
  const weight = place - Math.floor(place);
  return below === above ? below : below * (1 - weight) + above * weight;
}

function difference(sorted: readonly number[]): number | undefined {
  const [lower, upper] = [quantile(sorted, 0.25), quantile(sorted, 0.75)];
  return lower === undefined || upper === undefined ? undefined : (upper - lower) / 2;
}

const deviation = (sample: Sample): number | undefined => {
  const square = variance(sample);
  return square === undefined ? undefined : Math.sqrt(square);
};

const inUnit = (display: string, of: Statistic['of']): Statistic => ({ display, measure: 'unit', of });
const asNumber = (display: string, of: Statistic['of']): Statistic => ({ display, measure: 'number', of });
const atShare = (display: string, share: number): Statistic => inUnit(display, ({ sorted }) => quantile(sorted, share));

/** All of R4's but `regression`, of which R4 does not say how its two numbers are told apart. */
export const statistics: ReadonlyMap<string, Statistic> = new Map([
  ['average', inUnit('Average', meanOf)],
  ['maximum', inUnit('Maximum', ({ sorted }) => sorted.at(-1))],
  ['minimum', inUnit('Minimum', ({ sorted }) => sorted[0])],
  ['count', asNumber('Count', ({ sorted }) => sorted.length)],
  ['total-count', asNumber('Total Count', ({ total }) => total)],
  ['median', atShare('Median', 0.5)],
  ['std-dev', inUnit('Standard Deviation', deviation)],
  ['sum', inUnit('Sum', ({ sorted }) => (sorted.length === 0 ? undefined : sumOf(sorted)))],
  ['variance', { display: 'Variance', measure: 'square', of: variance }],
  ['20-percent', atShare('20th Percentile', 0.2)],
  ['80-percent', atShare('80th Percentile', 0.8)],
  ['4-lower', atShare('Lower Quartile', 0.25)],
  ['4-upper', atShare('Upper Quartile', 0.75)],
  ['4-dev', inUnit('Quartile Deviation', ({ sorted }) => difference(sorted))],
  ['5-1', atShare('1st Quintile', 0.2)],
  ['5-2', atShare('2nd Quintile', 0.4)],
  ['5-3', atShare('3rd Quintile', 0.6)],
  ['5-4', atShare('4th Quintile', 0.8)],
  ['skew', asNumber('Skew', (sample) => moment(sample, 3))],
  ['kurtosis', asNumber('Kurtosis', (sample) => moment(sample, 4))],
]);
