/** A code system as a table: its codes, what is above and below each, and what each is. https://hl7.org/fhir/R4/codesystem.html */
import type { CodeSystem, CodeSystemConcept, CodeSystemConceptProperty } from 'fhir/r4.js';

export interface Concept {
  readonly code: string;
  readonly display: string | undefined;
  readonly definition: CodeSystemConcept;
  readonly parents: readonly string[];
  readonly children: readonly string[];
  /** Only there to group others. */
  readonly isAbstract: boolean;
  readonly isInactive: boolean;
}

export interface CodeSystemIndex {
  readonly codeSystem: CodeSystem;
  /** True when a code that is not here does not exist. */
  readonly isComplete: boolean;
  /** In the order of the definition. */
  readonly concepts: ReadonlyMap<string, Concept>;
  /** Case matters unless the system says otherwise. */
  find(code: string): Concept | undefined;
  /** True when `code` is `ancestor` or below it. */
  isA(code: string, ancestor: string): boolean;
}

interface Draft extends Concept {
  readonly parents: string[];
  readonly children: string[];
}

/** The plain value of a property, whatever its type; of a Coding its code. */
export function propertyValue(property: CodeSystemConceptProperty): string | undefined {
  const { valueCode, valueString, valueBoolean, valueInteger, valueDateTime, valueDecimal, valueCoding } = property;
  const value =
    valueCode ?? valueString ?? valueBoolean ?? valueInteger ?? valueDateTime ?? valueDecimal ?? valueCoding?.code;
  return value === undefined ? undefined : String(value);
}

const hasProperty = ({ property = [] }: CodeSystemConcept, code: string, values: readonly string[]): boolean =>
  property.some((one) => one.code === code && values.includes(propertyValue(one) ?? ''));

const isAbstract = (concept: CodeSystemConcept): boolean =>
  hasProperty(concept, 'notSelectable', ['true']) || hasProperty(concept, 'abstract', ['true']);

const isInactive = (concept: CodeSystemConcept): boolean =>
  hasProperty(concept, 'inactive', ['true']) || hasProperty(concept, 'status', ['retired', 'inactive']);

function addConcepts(
  concepts: readonly CodeSystemConcept[],
  parent: Draft | undefined,
  found: Map<string, Draft>,
): void {
  for (const definition of concepts) {
    const { code, display } = definition;
    const draft: Draft = found.get(code) ?? {
      code,
      display,
      definition,
      parents: [],
      children: [],
      isAbstract: isAbstract(definition),
      isInactive: isInactive(definition),
    };
    found.set(code, draft);
    if (parent) link(parent, draft);
    addConcepts(definition.concept ?? [], draft, found);
  }
}

function link(parent: Draft, child: Draft): void {
  if (child.parents.includes(parent.code)) return;
  child.parents.push(parent.code);
  parent.children.push(child.code);
}

/** Some systems state their hierarchy, or more of it, in properties. */
function addStatedLinks(found: ReadonlyMap<string, Draft>): void {
  for (const draft of found.values()) {
    for (const property of draft.definition.property ?? []) {
      const other = found.get(propertyValue(property) ?? '');
      if (!other || other === draft) continue;
      if (property.code === 'parent' || property.code === 'subsumedBy') link(other, draft);
      if (property.code === 'child') link(draft, other);
    }
  }
}

function createIndex(codeSystem: CodeSystem): CodeSystemIndex {
  const concepts = new Map<string, Draft>();
  addConcepts(codeSystem.concept ?? [], undefined, concepts);
  addStatedLinks(concepts);
  const folded =
    codeSystem.caseSensitive === false
      ? new Map([...concepts].map(([code, one]) => [code.toLowerCase(), one]))
      : undefined;
  const find = (code: string): Concept | undefined => concepts.get(code) ?? folded?.get(code.toLowerCase());
  return {
    codeSystem,
    isComplete: codeSystem.content === 'complete',
    concepts,
    find,
    isA(code, ancestor) {
      const seen = new Set<string>();
      const pending = [find(code)?.code];
      for (const next of pending) {
        if (next === undefined || seen.has(next)) continue;
        if (next === ancestor) return true;
        seen.add(next);
        pending.push(...(concepts.get(next)?.parents ?? []));
      }
      return false;
    },
  };
}

/** Made once for a CodeSystem object, and forgotten with it. */
export function createCodeSystemIndexes(): (codeSystem: CodeSystem) => CodeSystemIndex {
  const known = new WeakMap<CodeSystem, CodeSystemIndex>();
  return (codeSystem) => {
    const index = known.get(codeSystem) ?? createIndex(codeSystem);
    known.set(codeSystem, index);
    return index;
  };
}
