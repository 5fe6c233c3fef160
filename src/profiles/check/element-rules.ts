/** What a profile says of one element by itself: its type, value, bounds, codes and invariants. https://hl7.org/fhir/R4/elementdefinition.html */
import { type CodedValue, codingsIn } from '../../fhir/terminology.ts';
import { isKindOf } from '../../fhirpath/type-hierarchy.ts';
import type { ElementFacts } from '../snapshot/element-tree.ts';
import { isObject } from './cursor.ts';
import { memberOf, valueTest } from './match-value.ts';
import type { ProfileCheckOptions, Rule } from './run.ts';

/** An element in a profile, and what its type says of it without the profile. */
export interface RuleSource {
  readonly facts: ElementFacts;
  readonly base: ElementFacts | undefined;
  /** FHIR path, such as `Patient.name`, for people. */
  readonly path: string;
  /** Canonical of the profile. */
  readonly profile: string;
}

const systemType = 'http://hl7.org/fhirpath/System.';

/** Allowed types of a choice that the profile narrowed. */
function typeRule({ facts, base, profile }: RuleSource, { elements }: ProfileCheckOptions): Rule | undefined {
  const codes = (facts.type ?? []).map(({ code }) => code).filter((code) => !code.startsWith(systemType));
  const before = base?.type?.length ?? 0;
  if (codes.length === 0 || codes.length >= before) return undefined;
  return (cursor, run) => {
    if (codes.some((code) => isKindOf(cursor.type, code, elements))) return;
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
    if (typeof value === 'string' && value.length > maxLength) {
      run.error('too-long', `${profile} allows at most ${maxLength} characters`, cursor);
    }
  };
}

/** A number, a text that orders like a date, or the value of a quantity. */
function comparable(value: unknown): number | string | undefined {
  if (typeof value === 'number' || typeof value === 'string') return value;
  return isObject(value) && typeof value['value'] === 'number' ? value['value'] : undefined;
}

function boundRule({ facts, profile }: RuleSource): Rule | undefined {
  const low = comparable(memberOf(facts, 'minValue'));
  const high = comparable(memberOf(facts, 'maxValue'));
  if (low === undefined && high === undefined) return undefined;
  return (cursor, run) => {
    const given = comparable(cursor.value);
    if (given === undefined) return;
    const isBelow = low !== undefined && typeof low === typeof given && given < low;
    const isAbove = high !== undefined && typeof high === typeof given && given > high;
    if (isBelow || isAbove) run.error('value', `Is beyond the bounds that ${profile} sets`, cursor);
  };
}

const isBindable: ReadonlySet<string> = new Set(['code', 'Coding', 'CodeableConcept', 'Quantity', 'string', 'uri']);

function bindingRule({ facts, base, profile }: RuleSource, { terminology }: ProfileCheckOptions): Rule | undefined {
  const { strength, valueSet } = facts.binding ?? {};
  if (valueSet === undefined || strength === undefined || strength === 'example') return undefined;
  if (base?.binding?.valueSet === valueSet && base.binding.strength === strength) return undefined;
  const isOutside = (codings: readonly CodedValue[]): boolean =>
    codings.every((coding) => terminology.membership(valueSet, coding) === 'not-member');
  return (cursor, run) => {
    if (strength !== 'required' && !run.wantsWarnings) return;
    if (!isBindable.has(cursor.type)) return;
    const codings = codingsIn(cursor.value);
    if (strength === 'required') {
      const isMissing = codings.length === 0 && cursor.value !== undefined;
      if (isMissing || (codings.length > 0 && isOutside(codings))) {
        run.error('code-invalid', `${profile} requires a code of the value set ${valueSet}`, cursor);
      }
    } else if (codings.length > 0 && isOutside(codings)) {
      run.warning('code-invalid', `${profile} prefers a code of the value set ${valueSet} (${strength})`, cursor);
    }
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
    bindingRule(source, options),
    ...invariantRules(source, options),
  ];
  return rules.filter((rule) => rule !== undefined);
}
