/** When values are equal, equivalent, and which comes first. Undefined means that it cannot be told. https://hl7.org/fhirpath/N1/#equality https://hl7.org/fhirpath/N1/#comparison */
import { isObject, type Node, type Nodes, single, Unevaluable } from './node.ts';

const temporal: ReadonlySet<string> = new Set(['date', 'dateTime', 'instant', 'time']);
const quantities: ReadonlySet<string> = new Set([
  'Quantity',
  'Age',
  'Count',
  'Distance',
  'Duration',
  'SimpleQuantity',
  'MoneyQuantity',
]);

const isTemporal = ({ type }: Node): boolean => temporal.has(type);

const order = <Value extends string | number>(left: Value, right: Value): -1 | 0 | 1 =>
  left < right ? -1 : left > right ? 1 : 0;

/** The date, if any; hours and minutes; seconds with their fraction, which are one precision; the offset. */
const timedPattern = /^(?:(\d{4}-\d\d-\d\d)T)?(\d\d:\d\d)(?::(\d\d(?:\.\d+)?))?(Z|[+-]\d\d:\d\d)?$/;

/** Two times, each of a date or neither. Without an offset on one side, or seconds, nobody knows more than what both state. */
function compareTimed(left: string, right: string): -1 | 0 | 1 | undefined {
  const [one, other] = [timedPattern.exec(left), timedPattern.exec(right)];
  if (!one || !other) return undefined;
  const [, leftDate, leftMinute, leftSecond, leftOffset] = one;
  const [, rightDate, rightMinute, rightSecond, rightOffset] = other;
  if ((leftDate === undefined) !== (rightDate === undefined)) return undefined;
  if ((leftOffset === undefined) !== (rightOffset === undefined)) return undefined;
  const minute = (date = '1970-01-01', clock = '', offset = 'Z') => Date.parse(`${date}T${clock}:00${offset}`);
  const [first, second] = [minute(leftDate, leftMinute, leftOffset), minute(rightDate, rightMinute, rightOffset)];
  if (Number.isNaN(first) || Number.isNaN(second)) return undefined;
  if (first !== second) return order(first, second);
  if (leftSecond === undefined && rightSecond === undefined) return 0;
  if (leftSecond === undefined || rightSecond === undefined) return undefined;
  return order(Number(leftSecond), Number(rightSecond));
}

/** Of different precision only what both state is compared; when that is equal, nobody knows. */
function compareTemporal(left: string, right: string): -1 | 0 | 1 | undefined {
  if (left.includes(':') && right.includes(':')) return compareTimed(left, right);
  const precision = Math.min(left.length, right.length, 10);
  const result = order(left.slice(0, precision), right.slice(0, precision));
  if (result !== 0) return result;
  return left.length === right.length ? 0 : undefined;
}

/** Quantities of one unit compare by value; of different units this does not convert. */
function compareQuantities(left: unknown, right: unknown): -1 | 0 | 1 | undefined {
  if (!isObject(left) || !isObject(right)) return undefined;
  const unit = ({ system, code, unit: words }: Readonly<Record<string, unknown>>): string =>
    JSON.stringify(code === undefined ? [words] : [system, code]);
  const [one, other] = [left['value'], right['value']];
  if (typeof one !== 'number' || typeof other !== 'number' || unit(left) !== unit(right)) return undefined;
  return order(one, other);
}

/** -1, 0 or 1 for two single values that have an order. */
export function compare(left: Nodes, right: Nodes): -1 | 0 | 1 | undefined {
  const [one, other] = [single(left), single(right)];
  if (one?.value === undefined || other?.value === undefined) return undefined;
  if (quantities.has(one.type) && quantities.has(other.type)) return compareQuantities(one.value, other.value);
  const [first, second] = [one.value, other.value];
  if (typeof first === 'number' && typeof second === 'number') return order(first, second);
  if (typeof first !== 'string' || typeof second !== 'string') throw new Unevaluable();
  return isTemporal(one) || isTemporal(other) ? compareTemporal(first, second) : order(first, second);
}

/** A text that two equal values share, whatever the order of their properties; ids of elements do not count in it. */
export function fingerprint(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(fingerprint).join(',')}]`;
  if (!isObject(value)) return JSON.stringify(value) ?? '';
  const names = Object.keys(value).sort();
  return `{${names.map((name) => `${JSON.stringify(name)}:${fingerprint(value[name])}`).join(',')}}`;
}

/** Whether two values share a fingerprint, without writing it. */
export function isSame(one: unknown, other: unknown): boolean {
  if (one === other) return true;
  if (Array.isArray(one)) {
    return Array.isArray(other) && one.length === other.length && one.every((item, at) => isSame(item, other[at]));
  }
  if (!isObject(one) || !isObject(other)) return false;
  let count = 0;
  for (const name in one) {
    if (other[name] === undefined || !isSame(one[name], other[name])) return false;
    count += 1;
  }
  for (const _name in other) count -= 1;
  return count === 0;
}

export const fingerprintOf = ({ value }: Node): string => fingerprint(value);

function equalNodes(left: Node, right: Node): boolean | undefined {
  if (isTemporal(left) && isTemporal(right) && typeof left.value === 'string' && typeof right.value === 'string') {
    const result = compareTemporal(left.value, right.value);
    return result === undefined ? undefined : result === 0;
  }
  if (left.value === right.value) return true;
  return isObject(left.value) && isSame(left.value, right.value);
}

/** `=`: empty when either side is, false for different numbers of values. */
export function equal(left: Nodes, right: Nodes): boolean | undefined {
  if (left.length === 0 || right.length === 0) return undefined;
  if (left.length !== right.length) return false;
  let result: boolean | undefined = true;
  for (const [index, node] of left.entries()) {
    const same = equalNodes(node, right[index] as Node);
    if (same === false) return false;
    if (same === undefined) result = undefined;
  }
  return result;
}

const folded = ({ value }: Node): string =>
  typeof value === 'string' ? JSON.stringify(value.trim().toLowerCase().replaceAll(/\s+/g, ' ')) : fingerprint(value);

/** `~`: never empty; texts without regard to case and spacing, collections without regard to order. */
export function equivalent(left: Nodes, right: Nodes): boolean {
  if (left.length !== right.length) return false;
  const [one, other] = [left, right].map((nodes) => nodes.map(folded).sort());
  return JSON.stringify(one) === JSON.stringify(other);
}

/** Each value once, in the order of their first appearance. Takes time linear in their size. */
export function distinct(nodes: Nodes): Nodes {
  if (nodes.length < 2) return nodes;
  const seen = new Map<string, Node>();
  for (const node of nodes) {
    const key = fingerprintOf(node);
    if (!seen.has(key)) seen.set(key, node);
  }
  return [...seen.values()];
}

/** A collection may be asked once for each item of another. */
const keysOf = new WeakMap<Nodes, ReadonlySet<string>>();

function keysFor(nodes: Nodes): ReadonlySet<string> {
  const known = keysOf.get(nodes) ?? new Set(nodes.map(fingerprintOf));
  keysOf.set(nodes, known);
  return known;
}

/** Up to so many pairs it is quicker to compare each than to find what they have in common. */
const fewPairs = 64;

/** Of `nodes` those that are among `others`, or those that are not. */
export function among(nodes: Nodes, others: Nodes, wanted: boolean): Nodes {
  if (nodes.length * others.length <= fewPairs) {
    return nodes.filter(({ value }) => others.some((other) => isSame(value, other.value)) === wanted);
  }
  const known = keysFor(others);
  return nodes.filter((node) => known.has(fingerprintOf(node)) === wanted);
}
