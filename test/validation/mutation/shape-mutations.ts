/** Faults of shape: elements that are missing, unknown, too many, empty or of another JSON type. https://hl7.org/fhir/R4/json.html */
import { badValues } from './bad-values.ts';
import { isObject, type Kind, type Mutation, type Place } from './mutation.ts';
import { capitalise, isPlain, primitives, type Property, propertyOf } from './official-elements.ts';

/** An element that is there. */
export interface Occurrence extends Property {
  readonly place: Place;
  readonly property: string;
  readonly value: unknown;
  readonly isMany: boolean;
  readonly expression: string;
}

/** A fault of one element: another value for it. */
export function spoilt(occurrence: Occurrence, kind: Kind, what: string, value: unknown): Mutation {
  const { place, property, expression } = occurrence;
  return { kind, what, expression, changes: [{ target: place.target, property, value }] };
}

/** A fault of one value: of a list, its only item. */
export function spoiltValue(occurrence: Occurrence, kind: Kind, what: string, value: unknown): Mutation {
  if (!occurrence.isMany) return spoilt(occurrence, kind, what, value);
  return { ...spoilt(occurrence, kind, what, [value]), expression: `${occurrence.expression}[0]` };
}

/** Two letters the other way round. */
function misspell(name: string): string {
  const middle = Math.floor(name.length / 2);
  return name.slice(0, middle - 1) + name.charAt(middle) + name.charAt(middle - 1) + name.slice(middle + 1);
}

export function* unknownElements({ target, type, expression }: Place): Generator<Mutation> {
  const add = (property: string, what: string, value: unknown): Mutation => ({
    kind: 'unknown',
    what,
    expression: `${expression}.${property}`,
    changes: [{ target, property, value }],
  });
  yield add('notAnElement', 'an element that nothing has', 1);
  yield add('_notAnElement', 'a sibling that nothing has', { id: 'x' });
  // what is not called as an element may be might be data, and is not repeated
  yield { ...add('fhir_comments', 'comments of DSTU 2', ['x']), expression };
  if (type !== 'Bundle' && !propertyOf(type, 'resourceType')) {
    const [root = ''] = type.split('.');
    if (root !== type) yield add('resourceType', 'a type in a backbone element', 'Patient');
  }
  for (const [property, value] of Object.entries(target)) {
    const wrong = misspell(property);
    if (property === 'resourceType' || property.length < 3 || wrong === property || propertyOf(type, wrong)) continue;
    const rename = add(wrong, `${property} misspelled`, value);
    yield { ...rename, changes: [...rename.changes, { target, property, value: undefined }] };
  }
}

export function* missing(occurrence: Occurrence): Generator<Mutation> {
  const { place, property, element } = occurrence;
  if ((element.min ?? 0) === 0) return;
  const sibling = { target: place.target, property: `_${property}`, value: undefined };
  const removal = spoilt(occurrence, 'required', 'missing', undefined);
  yield { ...removal, changes: [...removal.changes, sibling] };
}

export function* wrongCount(occurrence: Occurrence): Generator<Mutation> {
  const { isMany, value, type } = occurrence;
  if (!isMany) {
    yield spoilt(occurrence, 'cardinality', 'a list of one', [value]);
    yield spoilt(occurrence, 'cardinality', 'a list of two', [value, value]);
  } else if (Array.isArray(value)) {
    yield spoilt(occurrence, 'cardinality', 'one for a list', value[0] ?? 'x');
    yield spoilt(occurrence, 'cardinality', 'a list in a list', [value]);
    if (!primitives.has(type))
      yield spoilt(occurrence, 'cardinality', 'a list by keys', Object.fromEntries(value.entries()));
  }
}

const jsonValues: readonly unknown[] = ['text', 12.5, true, { id: 'x' }];

export function* wrongTypes(occurrence: Occurrence): Generator<Mutation> {
  const { type, value, expression } = occurrence;
  const sample = Array.isArray(value) ? value.find((item) => item !== null) : value;
  for (const wrong of jsonValues) {
    if (typeof wrong === typeof sample) continue;
    const what = `${typeof wrong} for ${type}`;
    yield spoiltValue(occurrence, 'type', what, wrong);
    if (!Array.isArray(value) || value.length < 2) continue;
    const last = value.length - 1;
    const inLast = spoilt(occurrence, 'type', `${what}, last of a list`, value.with(last, wrong));
    yield { ...inLast, expression: `${expression}[${last}]` };
  }
}

export function* empties(occurrence: Occurrence): Generator<Mutation> {
  const { isMany, place, property } = occurrence;
  yield spoilt(occurrence, 'empty', 'null', null);
  yield spoilt(occurrence, 'empty', 'an empty list', []);
  yield spoiltValue(occurrence, 'empty', 'an empty object', {});
  yield spoiltValue(occurrence, 'empty', 'an empty string', '');
  // where the sibling has extensions, a list may have null
  if (isMany && place.target[`_${property}`] === undefined)
    yield spoilt(occurrence, 'empty', 'a null in a list', [null]);
}

export function* badFormats(occurrence: Occurrence): Generator<Mutation> {
  const { type } = occurrence;
  for (const [index, bad] of (badValues[type] ?? []).entries()) {
    yield spoiltValue(occurrence, 'format', `${type}, bad value ${index}`, bad);
  }
}

/** The object beside a primitive that has its id and extensions. */
export function* wrongSiblings(occurrence: Occurrence): Generator<Mutation> {
  const { type, isMany, place, property, value } = occurrence;
  const hasSibling = primitives.has(type) && !isPlain(occurrence);
  const add = (what: string, sibling: unknown): Mutation => ({
    kind: 'sibling',
    what,
    expression: hasSibling ? occurrence.expression : `${place.expression}._${property}`,
    changes: [{ target: place.target, property: `_${property}`, value: sibling }],
  });
  if (!hasSibling) {
    yield add('where there is none', { id: 'x' });
    return;
  }
  yield add('a string', isMany ? ['x'] : 'x');
  yield add('an element that none has', isMany ? [{ value: 'x' }] : { value: 'x' });
  yield add('no extensions', isMany ? [{ extension: [] }] : { extension: [] });
  yield isMany ? add('one for a list', { id: 'x' }) : add('a list for one', [{ id: 'x' }]);
  if (Array.isArray(value))
    yield add(
      'more than values',
      [...value, 'one more'].map(() => ({ id: 'x' })),
    );
}

const otherChoices: Readonly<Record<string, unknown>> = {
  String: 'x',
  Boolean: true,
  Integer: 1,
  DateTime: '2020',
  Quantity: { value: 1 },
  Reference: { display: 'x' },
  CodeableConcept: { text: 'x' },
  Period: { start: '2020' },
};

/** Of a choice of types: two at once, one that it does not have, none at all. */
export function* wrongChoices(occurrence: Occurrence): Generator<Mutation> {
  const { element, name, place, property, value, expression } = occurrence;
  if (!element.path.endsWith('[x]')) return;
  const { target } = place;
  const types = new Set((element.type ?? []).map(({ code }) => capitalise(code)));
  const wrong = (at: string, what: string, changes: Mutation['changes']): Mutation => {
    return { kind: 'choice', what, expression: at, changes };
  };
  const renamed = (to: string): Mutation['changes'] => [
    { target, property, value: undefined },
    { target, property: to, value },
  ];
  for (const [suffix, other] of Object.entries(otherChoices)) {
    const to = name + suffix;
    if (to === property) continue;
    const added = [{ target, property: to, value: other }];
    if (types.has(suffix)) yield wrong(expression, `${to} beside ${property}`, added);
    else yield wrong(`${place.expression}.${to}`, `${to}, which it cannot be`, added);
  }
  for (const to of [name, `${name}Narrative`, property.toLowerCase()]) {
    if (!propertyOf(place.type, to)) yield wrong(`${place.expression}.${to}`, `${to} for ${property}`, renamed(to));
  }
}

/** The elements of an object that HL7 defines, contained and nested resources left out. */
export function occurrencesIn(place: Place): readonly Occurrence[] {
  return Object.entries(place.target).flatMap(([property, value]) => {
    const found = property === 'resourceType' ? undefined : propertyOf(place.type, property);
    if (!found || found.type === 'Resource') return [];
    const expression = `${place.expression}.${found.name}`;
    return [{ ...found, place, property, value, expression, isMany: found.element.max !== '1' }];
  });
}

/** The objects in an element. */
export function placesIn({ value, type, expression }: Occurrence): readonly Place[] {
  if (isObject(value)) return [{ target: value, type, expression }];
  if (!Array.isArray(value)) return [];
  return value.flatMap((item: unknown, index) =>
    isObject(item) ? [{ target: item, type, expression: `${expression}[${index}]` }] : [],
  );
}
