/** `ConceptMap/$translate`: what a code is called elsewhere. https://hl7.org/fhir/R4/conceptmap-operation-translate.html */
import type { ConceptMap, ConceptMapGroup, Parameters, ParametersParameter } from 'fhir/r4.js';
import type { CodedValue } from '../fhir/terminology.ts';
import { parameters, textParameter } from './output.ts';

export interface TranslateRequest {
  readonly codings: readonly CodedValue[];
  /** Only to this code system. */
  readonly targetSystem?: string | undefined;
  /** From the targets of the maps to their sources. */
  readonly direction: 'forward' | 'reverse';
}

interface Match {
  readonly equivalence: string;
  readonly system: string | undefined;
  readonly code: string | undefined;
  readonly display: string | undefined;
  readonly map: ConceptMap;
}

const matchesSystem = (wanted: string | undefined, system: string | undefined): boolean =>
  wanted === undefined || wanted === system;

function forward(coding: CodedValue, group: ConceptMapGroup, map: ConceptMap): readonly Match[] {
  if (!matchesSystem(coding.system, group.source)) return [];
  const element = group.element.find(({ code }) => code === coding.code);
  if (!element) return unmapped(coding, group, map);
  return (element.target ?? []).map(({ equivalence, code, display }) => ({
    equivalence,
    system: group.target,
    code,
    display,
    map,
  }));
}

/** What the map says of codes that it does not list; another map is not followed. */
function unmapped(
  { code }: CodedValue,
  { unmapped, target, source }: ConceptMapGroup,
  map: ConceptMap,
): readonly Match[] {
  if (unmapped?.mode === 'fixed') {
    return [{ equivalence: 'inexact', system: target, code: unmapped.code, display: unmapped.display, map }];
  }
  return unmapped?.mode === 'provided'
    ? [{ equivalence: 'equal', system: target ?? source, code, display: undefined, map }]
    : [];
}

/** What a relation is when it is looked at from the other side. */
const reversed: Readonly<Record<string, string>> = {
  wider: 'narrower',
  narrower: 'wider',
  subsumes: 'specializes',
  specializes: 'subsumes',
};

function reverse(coding: CodedValue, group: ConceptMapGroup, map: ConceptMap): readonly Match[] {
  if (!matchesSystem(coding.system, group.target)) return [];
  return group.element.flatMap(({ code, display, target = [] }) =>
    target
      .filter((one) => one.code === coding.code)
      .map(({ equivalence }) => ({
        equivalence: reversed[equivalence] ?? equivalence,
        system: group.source,
        code,
        display,
        map,
      })),
  );
}

const isMapped = ({ equivalence }: Match): boolean => equivalence !== 'unmatched' && equivalence !== 'disjoint';

function toParameter({ equivalence, system, code, display, map }: Match): ParametersParameter {
  const concept = {
    ...(system !== undefined && { system }),
    ...(code !== undefined && { code }),
    ...(display !== undefined && { display }),
  };
  return {
    name: 'match',
    part: [
      { name: 'equivalence', valueCode: equivalence },
      ...(code === undefined ? [] : [{ name: 'concept', valueCoding: concept }]),
      ...(map.url === undefined ? [] : [{ name: 'source', valueUri: map.url }]),
    ],
  };
}

/** Translates by the maps given, all matches in their order; `result` is true when one of them is a translation. */
export function translate(request: TranslateRequest, maps: readonly ConceptMap[]): Parameters {
  const find = request.direction === 'forward' ? forward : reverse;
  const matches = maps.flatMap((map) =>
    (map.group ?? []).flatMap((group) => request.codings.flatMap((coding) => find(coding, group, map))),
  );
  const wanted = matches.filter(({ system }) => matchesSystem(request.targetSystem, system));
  const result = wanted.some(isMapped);
  return parameters(
    { name: 'result', valueBoolean: result },
    textParameter('message', result ? undefined : 'No translation was found'),
    ...wanted.map(toParameter),
  );
}
