/** `CodeSystem/$lookup`: what is known of a code. https://hl7.org/fhir/R4/codesystem-operation-lookup.html */
import type { CodeSystemConceptProperty, Parameters, ParametersParameter } from 'fhir/r4.js';
import { notFound } from '../fhir/fhir-error.ts';
import type { AlgorithmicSystem } from './algorithmic-systems.ts';
import type { CodeSystemIndex, Concept } from './code-system-index.ts';
import { parameters, textParameter } from './output.ts';
import type { CodeSystems } from './terminology.ts';

export interface LookupRequest {
  readonly system: string;
  readonly code: string;
  readonly version?: string | undefined;
  /** Only these of the properties, `designation` included; all when there is none. */
  readonly properties: readonly string[];
}

/** The table of a system, or 404. */
export function knownSystem(system: string, version: string | undefined, codeSystems: CodeSystems): CodeSystemIndex {
  const index = codeSystems.indexOf(system, version);
  if (index) return index;
  throw notFound(`The code system ${system}${version === undefined ? '' : ` in version ${version}`} is not known here`);
}

/** A concept of a system, or 404, which says whether it can exist. */
export function knownConcept(index: CodeSystemIndex, code: string): Concept {
  const concept = index.find(code);
  if (concept) return concept;
  const { url = '' } = index.codeSystem;
  throw notFound(
    index.isComplete ? `${url} has no such code` : `Of ${url} only some codes are known here; this is none of them`,
  );
}

function designationOf({
  language,
  use,
  value,
}: {
  language?: string | undefined;
  use?: object | undefined;
  value: string;
}): ParametersParameter {
  const part: ParametersParameter[] = [
    ...(language === undefined ? [] : [{ name: 'language', valueCode: language }]),
    ...(use ? [{ name: 'use', valueCoding: use }] : []),
    { name: 'value', valueString: value },
  ];
  return { name: 'designation', part };
}

const property = (code: string, value: Partial<ParametersParameter>): ParametersParameter => ({
  name: 'property',
  part: [
    { name: 'code', valueCode: code },
    { name: 'value', ...value },
  ],
});

function statedProperty({ code, ...value }: CodeSystemConceptProperty): ParametersParameter {
  const { valueCode, valueCoding, valueString, valueInteger, valueBoolean, valueDateTime, valueDecimal } = value;
  const given = { valueCode, valueCoding, valueString, valueInteger, valueBoolean, valueDateTime, valueDecimal };
  return property(code, Object.fromEntries(Object.entries(given).filter(([, one]) => one !== undefined)));
}

/** Properties a concept states, and those of its place in the hierarchy. */
function propertiesOf({ definition, parents, children, isInactive }: Concept): readonly ParametersParameter[] {
  const stated = (definition.property ?? []).filter(({ code }) => !['parent', 'child', 'inactive'].includes(code));
  return [
    ...(definition.definition === undefined ? [] : [property('definition', { valueString: definition.definition })]),
    property('inactive', { valueBoolean: isInactive }),
    ...stated.map(statedProperty),
    ...parents.map((code) => property('parent', { valueCode: code })),
    ...children.map((code) => property('child', { valueCode: code })),
  ];
}

/** Of a system that is a rule, and has no versions here. */
function lookupByRule({ name, find }: AlgorithmicSystem, system: string, code: string): Parameters {
  const found = find(code);
  if (!found) throw notFound(`${system} has no such code`);
  return parameters({ name: 'name', valueString: name }, textParameter('display', found.display ?? code));
}

/** Throws a FhirError 404 for an unknown system or code. */
export function lookup({ system, code, version, properties }: LookupRequest, codeSystems: CodeSystems): Parameters {
  const rule = version === undefined ? codeSystems.algorithmic(system) : undefined;
  if (rule && !codeSystems.indexOf(system)?.find(code)) return lookupByRule(rule, system, code);
  const index = knownSystem(system, version, codeSystems);
  const concept = knownConcept(index, code);
  const isWanted = (name: string | undefined): boolean =>
    properties.length === 0 || properties.includes('*') || (name !== undefined && properties.includes(name));
  const found = propertiesOf(concept).filter(({ part }) => isWanted(part?.[0]?.valueCode));
  const designations = isWanted('designation') ? (concept.definition.designation ?? []) : [];
  const { name, title, url, version: own } = index.codeSystem;
  return parameters(
    { name: 'name', valueString: title ?? name ?? url ?? system },
    textParameter('version', own),
    textParameter('display', concept.display ?? concept.code),
    ...designations.map(designationOf),
    ...found,
  );
}
