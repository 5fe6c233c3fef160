/** Three-valued logic of FHIRPath; undefined is empty. https://hl7.org/fhirpath/N1/#boolean-logic */
import type { Condition } from './steps.ts';

export const not =
  (condition: Condition): Condition =>
  (value) => {
    const result = condition(value);
    return result === undefined ? undefined : !result;
  };

type Operator = (left: Condition, right: Condition) => Condition;

const and: Operator = (left, right) => (value) => {
  const first = left(value);
  if (first === false) return false;
  const second = right(value);
  return second === false ? false : first && second;
};

const or: Operator = (left, right) => not(and(not(left), not(right)));

const xor: Operator = (left, right) => (value) => {
  const first = left(value);
  const second = right(value);
  return first === undefined || second === undefined ? undefined : first !== second;
};

const implies: Operator = (left, right) => or(not(left), right);

export const logicalOperators: Readonly<Record<string, Operator | undefined>> = { and, or, xor, implies };
