/** What a profile says of one element by itself: its type, value, bounds, codes and invariants. https://hl7.org/fhir/R4/elementdefinition.html */
import { compare } from '../../fhirpath/evaluate/compare.ts';
import { isOfType } from '../../fhirpath/type-hierarchy.ts';
import type { ElementFacts } from '../snapshot/element-tree.ts';
import { bindingRules } from './binding-rules.ts';
import { memberOf, valueTest } from './match-value.ts';
import type { ProfileCheckOptions, Rule, RuleSource } from './run.ts';

const systemType = 'http://hl7.org/fhirpath/System.';

const typesOf = ({ type = [] }: ElementFacts): readonly string[] =>
  type.map(({ code }) => code).filter((code) => !code.startsWith(systemType));

/** Allowed types of a choice, or of a resource, that the profile narrowed. */
function typeRule({ facts, base, profile }: RuleSource, { elements }: ProfileCheckOptions): Rule | undefined {
  const codes = typesOf(facts);
  const before = base ? typesOf(base) : [];
  if (codes.length === 0 || before.every((code) => codes.includes(code))) return undefined;
  return (cursor, run) => {
    if (codes.some((code) => isOfType(cursor.type, code, elements))) return;
    run.error('structure', `${profile} allows only ${codes.join(', ')} here`, cursor);
  };
}

function valueRule({ facts, profile }: RuleSource): Rule | undefined {
  const expected = valueTest(facts);
  if (!expected) return undefined;
  const { test, kind } = expected;
  const diagnostics =
    kind === 'fixed' ? `${profile} fixes this value, and it is another` : `Must fit the pattern of ${profile}`;
  return (cursor, run) => {
    if (!test(cursor.value)) run.error('value', diagnostics, cursor);
  };
}

function lengthRule({ facts: { maxLength }, profile }: RuleSource): Rule | undefined {
  if (maxLength === undefined) return undefined;
  return (cursor, run) => {
    const { value } = cursor;
    if (typeof value === 'string' && value.length > maxLength && Array.from(value).length > maxLength) {
      run.error('too-long', `${profile} allows at most ${maxLength} characters`, cursor);
    }
  };
}

/** Which of the two is greater, where that is sure: a time without a zone, or a quantity in another unit, has no order. */
function orderOf(value: unknown, bound: unknown, type: string): number {
  if (bound === undefined || typeof value !== typeof bound) return 0;
  return compare([{ value, type }], [{ value: bound, type }]) ?? 0;
}

function boundRule({ facts, profile }: RuleSource): Rule | undefined {
  const low = memberOf(facts, 'minValue');
  const high = memberOf(facts, 'maxValue');
  if (low === undefined && high === undefined) return undefined;
  return (cursor, run) => {
    const { value, type } = cursor;
    if (value === undefined || (orderOf(value, low, type) >= 0 && orderOf(value, high, type) <= 0)) return;
    run.error('value', `Is beyond the bounds that ${profile} sets`, cursor);
  };
}

/** Rules that the profile adds; those that cannot be compiled are told as such by whoever wrote them, once a resource meets them. */
function invariantRules({ facts, base, profile }: RuleSource, options: ProfileCheckOptions): readonly Rule[] {
  const inherited = new Set([...(base?.constraint ?? []).map(({ key }) => key), 'ele-1', 'ext-1']);
  const own = (facts.constraint ?? []).filter(({ key, expression }) => !inherited.has(key) && expression !== undefined);
  return own.map(({ key, severity, human, expression = '' }): Rule => {
    const compiled = new Map<string, ReturnType<ProfileCheckOptions['compileInvariant']> | undefined>();
    const evaluatorOf = (type: string) => {
      if (!compiled.has(type)) compiled.set(type, tryCompile(expression, type, options));
      return compiled.get(type);
    };
    return (cursor, run) => {
      if (severity !== 'error' && !run.wantsWarnings) return;
      const { value, sibling, type } = cursor;
      const evaluate = evaluatorOf(type);
      if (!evaluate) {
        run.warning(
          'not-supported',
          `${profile}, ${key}: the rule is written in a way that is not understood here`,
          cursor,
        );
      } else if (evaluate(value, run.context, sibling) === false) {
        const diagnostics = `${profile}, ${key}: ${human}`;
        if (severity === 'error') run.error('invariant', diagnostics, cursor);
        else run.warning('invariant', diagnostics, cursor);
      }
    };
  });
}

function tryCompile(expression: string, type: string, { compileInvariant, elements }: ProfileCheckOptions) {
  try {
    return compileInvariant(expression, type, elements);
  } catch {
    return undefined;
  }
}

/** The rules for each element that is there, without those about its parts and its slices. */
export function elementRules(source: RuleSource, options: ProfileCheckOptions): readonly Rule[] {
  const rules = [
    typeRule(source, options),
    valueRule(source),
    lengthRule(source),
    boundRule(source),
    ...bindingRules(source, options),
    ...invariantRules(source, options),
  ];
  return rules.filter((rule) => rule !== undefined);
}
