/** Which codes a profile wants of an element. https://hl7.org/fhir/R4/terminologies.html#strength */
import { type CodedValue, codingsIn } from '../../fhir/terminology.ts';
import type { ProfileCheckOptions, Rule, RuleSource } from './run.ts';

const isBindable: ReadonlySet<string> = new Set(['code', 'Coding', 'CodeableConcept', 'Quantity', 'string', 'uri']);

const maximumUrl = 'http://hl7.org/fhir/StructureDefinition/elementdefinition-maxValueSet';

type Binding = NonNullable<RuleSource['facts']['binding']>;

/** The value set that no code may be outside of, however weak the binding is. */
function maximumOf(binding: Binding | undefined): string | undefined {
  const found = binding?.extension?.find(({ url }) => url === maximumUrl);
  return found?.valueCanonical ?? found?.valueUri;
}

type IsOutside = (codings: readonly CodedValue[], valueSet: string) => boolean;

function strengthRule({ facts, base, profile }: RuleSource, isOutside: IsOutside): Rule | undefined {
  const { strength, valueSet } = facts.binding ?? {};
  if (valueSet === undefined || strength === undefined || strength === 'example') return undefined;
  if (base?.binding?.valueSet === valueSet && base.binding.strength === strength) return undefined;
  return (cursor, run) => {
    if (strength !== 'required' && !run.wantsWarnings) return;
    if (!isBindable.has(cursor.type)) return;
    const codings = codingsIn(cursor.value);
    if (strength === 'required') {
      const isMissing = codings.length === 0 && cursor.value !== undefined;
      if (isMissing || (codings.length > 0 && isOutside(codings, valueSet))) {
        run.error('code-invalid', `${profile} requires a code of the value set ${valueSet}`, cursor);
      }
    } else if (codings.length > 0 && isOutside(codings, valueSet)) {
      run.warning('code-invalid', `${profile} prefers a code of the value set ${valueSet} (${strength})`, cursor);
    }
  };
}

function maximumRule({ facts, base, profile }: RuleSource, isOutside: IsOutside): Rule | undefined {
  const maximum = maximumOf(facts.binding);
  if (maximum === undefined || maximum === maximumOf(base?.binding)) return undefined;
  return (cursor, run) => {
    const codings = isBindable.has(cursor.type) ? codingsIn(cursor.value) : [];
    if (codings.length > 0 && isOutside(codings, maximum)) {
      run.error('code-invalid', `${profile} allows no code outside of the value set ${maximum}`, cursor);
    }
  };
}

/** The rules of the binding of an element, as far as they are not those of its type. */
export function bindingRules(source: RuleSource, { terminology }: ProfileCheckOptions): readonly Rule[] {
  const isOutside: IsOutside = (codings, valueSet) =>
    codings.every((coding) => terminology.membership(valueSet, coding) === 'not-member');
  return [strengthRule(source, isOutside), maximumRule(source, isOutside)].filter((rule) => rule !== undefined);
}
