/** Equality and copies of lossless values. https://www.rfc-editor.org/rfc/rfc6902#section-4.6 */
import { tooLarge } from '../fhir/fhir-error.ts';
import { JsonNumber, type LosslessObject, type LosslessValue, maximumTreeDepth } from './lossless.ts';

const numberPattern = /^(-?)(\d+)(?:\.(\d+))?(?:[eE]([+-]?\d+))?$/;

/** The same text for all writings of one number: `1.00`, `1` and `10e-1`. */
function canonicalNumber(text: string): string {
  const [, sign = '', whole = '', fraction = '', power = '0'] = numberPattern.exec(text) ?? [];
  const digits = (whole + fraction).replace(/^0+/, '');
  if (digits === '') return '0';
  const significant = digits.replace(/0+$/, '');
  return `${sign}${significant}e${Number(power) - fraction.length + digits.length - significant.length}`;
}

/** Equal as JSON values: numbers by their value, objects in any order of their members. */
export function equalsLossless(one: LosslessValue, other: LosslessValue): boolean {
  if (one === other) return true;
  if (one instanceof JsonNumber || other instanceof JsonNumber) {
    const areNumbers = one instanceof JsonNumber && other instanceof JsonNumber;
    return areNumbers && canonicalNumber(one.text) === canonicalNumber(other.text);
  }
  if (Array.isArray(one) && Array.isArray(other)) {
    return (
      one.length === other.length && one.every((item, index) => equalsLossless(item, other[index] as LosslessValue))
    );
  }
  if (!(one instanceof Map) || !(other instanceof Map) || one.size !== other.size) return false;
  return [...one].every(
    ([name, member]) => other.has(name) && equalsLossless(member, other.get(name) as LosslessValue),
  );
}

/** A text costs as one value for every 16 characters. */
const sizeOf = (text: string): number => 1 + (text.length >> 4);

/** A copy that shares nothing that can change. `spend` is told of the size of all values and throws when it is too much. */
export function copyLossless(value: LosslessValue, spend: (size: number) => void, depth = 0): LosslessValue {
  spend(typeof value === 'string' ? sizeOf(value) : 1);
  if (value instanceof JsonNumber || typeof value !== 'object' || value === null) return value;
  if (depth >= maximumTreeDepth) throw tooLarge('The resource would be nested too deeply');
  if (Array.isArray(value)) return value.map((item) => copyLossless(item, spend, depth + 1));
  const copy: LosslessObject = new Map();
  for (const [name, member] of value) {
    spend(sizeOf(name));
    copy.set(name, copyLossless(member, spend, depth + 1));
  }
  return copy;
}
