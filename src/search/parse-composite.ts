/** Values of composite parameters: `code$value`. https://hl7.org/fhir/R4/search.html#composite */
import { type Component, componentsOf, type CompositeShape, compositeShape } from './composites.ts';
import { tokenForm } from './keys.ts';
import { malformed, refused } from './malformed.ts';
import type { CompositeAlternative, Match } from './match.ts';
import type { SearchScope } from './search-scope.ts';
import type { ParseContext } from './search-type.ts';
import { splitValue, unescapeValue } from './split-value.ts';
import { searchTypes } from './types/index.ts';
import { parseNumber } from './types/number.ts';
import { parseToken } from './types/token.ts';

/** The forms that one component may have to match. */
function formsOf({ parameter }: Component, text: string, context: ParseContext): readonly string[] {
  if (parameter.type === 'uri') return [`uri\u0000${unescapeValue(text)}`];
  if (parameter.type === 'reference') {
    const match = searchTypes.reference?.parse([text], { ...context, parameter });
    return match?.kind === 'reference' ? match.targets.map((target) => `reference\u0000${target}`) : [];
  }
  const token = parseToken(text, context.name);
  if (token.code === undefined) throw malformed(context.name, 'complete; a token in a composite has a code');
  return [tokenForm(token)];
}

function combine(lists: readonly (readonly string[])[]): readonly string[] {
  return lists.reduce<readonly string[]>(
    (joined, forms) =>
      joined.flatMap((before) => forms.map((form) => (before === '' ? form : `${before}\u0001${form}`))),
    [''],
  );
}

function checkUnit(match: Match, name: string): void {
  if (match.kind !== 'number') return;
  const lacksSystem = match.comparisons.some(({ unit }) => unit !== undefined && unit.system === undefined);
  if (lacksSystem) throw malformed(name, 'complete; a unit in a composite has a system');
}

function parseLast({ last, second }: CompositeShape, texts: readonly string[], context: ParseContext): Match {
  const [text = '', other = ''] = texts;
  if (second) {
    return { kind: 'numberPair', first: parseNumber(text, context.name), second: parseNumber(other, context.name) };
  }
  const { parameter } = last;
  const match = searchTypes[parameter.type]?.parse([text], { ...context, parameter });
  if (!match) throw refused(context.name, `a composite with a part of type ${parameter.type} is not searched`);
  checkUnit(match, context.name);
  return match;
}

/** Throws a FhirError 400 for a composite that is not kept, or a value with another number of parts. */
export function parseComposite(
  alternatives: readonly string[],
  context: ParseContext,
  { registry }: SearchScope,
): Match {
  const { parameter, name } = context;
  const components = componentsOf(parameter, registry);
  const shape = components && compositeShape(components);
  if (!components || !shape)
    throw refused(name, 'a composite may have one date, number, quantity or string, at its end');
  return {
    kind: 'composite',
    alternatives: alternatives.flatMap((alternative): readonly CompositeAlternative[] => {
      const parts = splitValue(alternative, '$');
      if (parts.length !== components.length || parts.includes('')) {
        throw malformed(name, `${components.length} parts with $ between them`);
      }
      const last = parseLast(shape, parts.slice(shape.forms.length), context);
      const forms = shape.forms.map((component, index) => formsOf(component, parts[index] ?? '', context));
      return combine(forms).map((form) => ({ form, last }));
    }),
  };
}
