/** Faults of a whole resource: what it contains, and its narrative. https://hl7.org/fhir/R4/domainresource.html */
import { forbiddenTarget } from './meaning-mutations.ts';
import type { Json, Mutation, Place } from './mutation.ts';
import { occurrencesIn } from './shape-mutations.ts';

const inner = { resourceType: 'Basic', id: 'inner', code: { text: 'x' } };
/** It refers to its container, and so needs no reference to it. */
const tied = { ...inner, subject: { reference: '#' } };

const badContained: Readonly<Record<string, { readonly added: readonly Json[]; readonly at: string }>> = {
  'dom-2, contained in contained': { added: [{ ...tied, contained: [inner] }], at: '.contained' },
  'dom-3, tied to nothing': { added: [inner], at: '' },
  'dom-4, a version': { added: [{ ...tied, meta: { versionId: '1' } }], at: '.meta.versionId' },
  'dom-4, a time': { added: [{ ...tied, meta: { lastUpdated: '2020-01-01T00:00:00Z' } }], at: '.meta.lastUpdated' },
  'dom-5, a label': { added: [{ ...tied, meta: { security: [{ code: 'R' }] } }], at: '.meta.security' },
  'no type': { added: [{ id: 'inner', code: { text: 'x' }, subject: { reference: '#' } }], at: '' },
  'an unknown type': { added: [{ ...tied, resourceType: 'Thing' }], at: '.resourceType' },
  'an unknown element': { added: [{ ...tied, notAnElement: 1 }], at: '.notAnElement' },
  'a required element missing': { added: [{ ...tied, code: undefined }], at: '.code' },
};

const withoutUndefined = (value: Json): unknown => JSON.parse(JSON.stringify(value));

export function* wrongContained(place: Place): Generator<Mutation> {
  const { target, expression } = place;
  const before: unknown = target['contained'];
  const kept: readonly unknown[] = Array.isArray(before) ? before : [];
  const add = (what: string, added: readonly unknown[], at: string): Mutation => ({
    kind: 'contained',
    what,
    expression: at,
    changes: [{ target, property: 'contained', value: [...kept, ...added] }],
  });
  const last = `${expression}.contained[${kept.length}]`;
  for (const [what, { added, at }] of Object.entries(badContained)) {
    yield add(what, added.map(withoutUndefined), last + at);
  }
  yield add('an id twice', [tied, { ...tied }], `${expression}.contained[${kept.length + 1}].id`);
  for (const occurrence of occurrencesIn(place)) {
    const other = forbiddenTarget(occurrence);
    if (other === undefined) continue;
    const { property, isMany } = occurrence;
    const refer = (reference: string) => ({ target, property, value: isMany ? [{ reference }] : { reference } });
    const nobody = { kind: 'contained', what: 'ref-1', expression: occurrence.expression } as const;
    yield { ...nobody, changes: [refer('#nobody')] };
    const wrong = add(`a ${other} for ${property}`, [{ resourceType: other, id: 'inner' }], occurrence.expression);
    yield { ...wrong, changes: [...wrong.changes, refer('#inner')] };
  }
}

const xhtml = (content: string): string => `<div xmlns="http://www.w3.org/1999/xhtml">${content}</div>`;

/** Some of what the narrative's own tests have more of: here, that it is checked in every type. */
const badNarratives: Readonly<Record<string, string>> = {
  'txt-2, nothing': xhtml(''),
  'txt-2, spaces': xhtml(' <p> </p> '),
  'txt-1, a script': xhtml('a<script>x()</script>'),
  'txt-1, an event': xhtml('<p onclick="x()">a</p>'),
  'txt-1, a form': xhtml('<form>a</form>'),
  'txt-1, a link to code': xhtml('<a href="javascript:x()">a</a>'),
  'no namespace': '<div>a</div>',
  'another element': '<p xmlns="http://www.w3.org/1999/xhtml">a</p>',
  'two elements': `${xhtml('a')}${xhtml('b')}`,
  'not closed': xhtml('<p>a'),
  'an entity of its own': `<!DOCTYPE div [<!ENTITY a "b">]>${xhtml('&a;')}`,
  text: 'a',
};

export function* wrongNarrative({ target, expression }: Place): Generator<Mutation> {
  const add = (what: string, value: Json, at: string): Mutation => ({
    kind: 'narrative',
    what,
    expression: `${expression}.text${at}`,
    changes: [{ target, property: 'text', value }],
  });
  for (const [what, div] of Object.entries(badNarratives)) yield add(what, { status: 'generated', div }, '.div');
  yield add('no status', { div: xhtml('a') }, '.status');
  yield add('another status', { status: 'x', div: xhtml('a') }, '.status');
  yield add('no div', { status: 'generated' }, '.div');
}
