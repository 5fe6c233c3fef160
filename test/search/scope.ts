/** What tests read searches with: the parameters of R4, no terminology, a fixed moment. */
import { createCanonicalUnits } from '../../src/search/canonical-quantity.ts';
import { createValueShapes, type SearchScope } from '../../src/search/search-scope.ts';
import { definitions, registry } from './registry.ts';

export const canonicalUnit = createCanonicalUnits();

export const scope: SearchScope = {
  registry,
  elements: definitions.elements,
  shapes: createValueShapes(definitions.elements, registry),
  codes: { membersOf: () => undefined, relatives: () => undefined },
  canonicalUnit,
  fullText: 'content',
  baseUrl: 'http://here.example/fhir',
  now: new Date('2026-06-01T00:00:00Z'),
};
