/** `ValueSet/$expand`: the codes of a value set. https://hl7.org/fhir/R4/valueset-operation-expand.html */
import type {
  ValueSet,
  ValueSetComposeInclude,
  ValueSetExpansionContains,
  ValueSetExpansionParameter,
} from 'fhir/r4.js';
import { type Conformance, splitCanonical } from '../fhir/conformance.ts';
import { FhirError } from '../fhir/fhir-error.ts';
import type { IssueType } from '../fhir/issue.ts';
import type { CodeSystemIndex, Concept } from './code-system-index.ts';
import { conceptTest } from './filters.ts';
import type { CodeSystems } from './terminology.ts';
import { isWholeExpansion } from './whole-expansion.ts';

export interface ExpandRequest {
  readonly valueSet: ValueSet;
  /** Words that the display or the code must all contain, whatever their case. */
  readonly filter?: string | undefined;
  readonly offset?: number | undefined;
  readonly count?: number | undefined;
  readonly activeOnly?: boolean | undefined;
  readonly includeDesignations?: boolean | undefined;
  /** Also what the value set is made of. */
  readonly includeDefinition?: boolean | undefined;
  /** Without codes that are only there to group others. */
  readonly excludeNotForUI?: boolean | undefined;
  /** ISO instant. */
  readonly timestamp: string;
  /** `urn:uuid:…` */
  readonly identifier: string;
}

export interface ExpandSources {
  readonly conformance: Conformance;
  readonly codeSystems: CodeSystems;
}

/** What is answered at once; whoever wants more pages through it. */
const maximumCodes = 50_000;
/** Codes that one expansion looks at, counted again for each include: more than the largest code system that can be stored here has. */
const maximumLookedAt = 600_000;

const cannot = (code: IssueType, diagnostics: string): FhirError =>
  new FhirError(422, [{ severity: 'error', code, diagnostics }]);

/** A code that is in the value set, on its way into the answer. */
interface Member {
  readonly contains: ValueSetExpansionContains;
  readonly isInactive: boolean;
}

type Members = Map<string, Member>;

const keyOf = ({ system = '', code = '' }: ValueSetExpansionContains): string => `${system}|${code}`;

function memberOf(concept: Concept, { codeSystem }: CodeSystemIndex): Member {
  const { url, version } = codeSystem;
  const { code, display, isAbstract, isInactive, definition } = concept;
  return {
    isInactive,
    contains: {
      ...(url !== undefined && { system: url }),
      ...(isAbstract && { abstract: true }),
      ...(isInactive && { inactive: true }),
      ...(version !== undefined && { version }),
      code,
      ...(display !== undefined && { display }),
      ...(definition.designation && { designation: definition.designation }),
    },
  };
}

class Expansion {
  readonly #sources: ExpandSources;
  /** Versions of the code systems used, by canonical. */
  readonly used = new Set<string>();
  #lookedAt = 0;
  /** Members of value sets within it, undefined while they are looked for. */
  readonly #known = new Map<ValueSet, Members | undefined>();

  constructor(sources: ExpandSources) {
    this.#sources = sources;
  }

  membersOf(valueSet: ValueSet): Members {
    const known = this.#known.get(valueSet);
    if (known) return known;
    if (this.#known.has(valueSet)) throw cannot('processing', 'The value set includes itself');
    this.#known.set(valueSet, undefined);
    const members = this.#composed(valueSet);
    this.#known.set(valueSet, members);
    return members;
  }

  #composed({ compose, expansion }: ValueSet): Members {
    if (expansion?.contains && (!compose || isWholeExpansion(expansion)))
      return ofExpansion(expansion.contains, new Map());
    const members: Members = new Map();
    for (const include of compose?.include ?? []) {
      for (const [key, member] of this.#included(include)) members.set(key, member);
    }
    for (const exclude of compose?.exclude ?? []) for (const key of this.#included(exclude).keys()) members.delete(key);
    if (compose?.inactive === false) for (const [key, { isInactive }] of members) if (isInactive) members.delete(key);
    return members;
  }

  #included(include: ValueSetComposeInclude): Members {
    const { system, valueSet = [] } = include;
    const parts = valueSet.map((canonical) => this.membersOf(this.#valueSet(canonical)));
    if (system !== undefined) parts.unshift(this.#ofSystem(system, include));
    const [first = new Map<string, Member>(), ...others] = parts;
    if (valueSet.length > 0) this.#lookAt(first.size * parts.length);
    return new Map([...first].filter(([key]) => others.every((other) => other.has(key))));
  }

  #lookAt(count: number): void {
    this.#lookedAt += count;
    if (this.#lookedAt > maximumLookedAt) throw cannot('too-costly', 'The value set is made of too many codes');
  }

  #valueSet(canonical: string): ValueSet {
    const valueSet = this.#sources.conformance.find('ValueSet', canonical);
    if (!valueSet) throw cannot('not-found', `The value set ${canonical}, which is included, is not known here`);
    return valueSet;
  }

  #ofSystem(system: string, { version, concept, filter = [] }: ValueSetComposeInclude): Members {
    const index = this.#sources.codeSystems.indexOf(system, version);
    if (index) this.used.add(`${system}|${index.codeSystem.version ?? ''}`);
    if (concept) return ofConcepts(system, concept, index);
    if (!index?.isComplete && this.#sources.codeSystems.algorithmic(system))
      throw cannot('too-costly', `The codes of ${system} are made by rules, and there is no end of them`);
    if (!index?.isComplete)
      throw cannot('not-supported', `The codes of ${system} are not known here, so the value set cannot be expanded`);
    const tests = filter.map((one) => {
      const test = conceptTest(one);
      if (!test) throw cannot('not-supported', `A filter ${one.op} with this value cannot be applied`);
      return test;
    });
    this.#lookAt(index.concepts.size);
    const members: Members = new Map();
    for (const one of index.concepts.values()) {
      if (!tests.every((test) => test(one, index))) continue;
      const member = memberOf(one, index);
      members.set(keyOf(member.contains), member);
    }
    return members;
  }
}

/** Codes that the value set names, with its own displays before those of the system. */
function ofConcepts(
  system: string,
  concepts: NonNullable<ValueSetComposeInclude['concept']>,
  index: CodeSystemIndex | undefined,
): Members {
  const members: Members = new Map();
  for (const { code, display, designation } of concepts) {
    const concept = index?.find(code);
    const known = concept && index ? memberOf(concept, index) : undefined;
    const contains = {
      ...(known?.contains ?? { system, code }),
      ...(display !== undefined && { display }),
      ...(designation && { designation }),
    };
    members.set(keyOf(contains), { contains, isInactive: known?.isInactive ?? false });
  }
  return members;
}

function ofExpansion(contains: readonly ValueSetExpansionContains[], members: Members): Members {
  for (const { contains: parts = [], ...own } of contains) {
    if (own.code !== undefined) members.set(keyOf(own), { contains: own, isInactive: own.inactive === true });
    ofExpansion(parts, members);
  }
  return members;
}

function matches(filter: string): (member: Member) => boolean {
  const words = filter
    .toLowerCase()
    .split(/\s+/)
    .filter((word) => word !== '');
  return ({ contains: { code = '', display = '' } }) => {
    const text = `${display} ${code}`.toLowerCase();
    return words.every((word) => text.includes(word));
  };
}

const withoutDesignations = ({
  designation: _designation,
  ...rest
}: ValueSetExpansionContains): ValueSetExpansionContains => rest;

/** What the expansion was made with, as R4 wants it said. */
function parametersOf(request: ExpandRequest, used: Iterable<string>): ValueSetExpansionParameter[] {
  const { filter, offset, count, activeOnly, includeDesignations, includeDefinition, excludeNotForUI } = request;
  const flags = { activeOnly, includeDesignations, includeDefinition, excludeNotForUI, excludeNested: true };
  return [
    ...[...used].map((valueUri) => ({ name: 'version', valueUri })),
    ...(filter === undefined ? [] : [{ name: 'filter', valueString: filter }]),
    ...(offset === undefined ? [] : [{ name: 'offset', valueInteger: offset }]),
    ...(count === undefined ? [] : [{ name: 'count', valueInteger: count }]),
    ...Object.entries(flags).flatMap(([name, valueBoolean]) =>
      valueBoolean === undefined ? [] : [{ name, valueBoolean }],
    ),
  ];
}

/** Every code of a value set, in its order; a flat list. Throws a FhirError 422 when something it needs is not known here. */
export function codesOf(valueSet: ValueSet, sources: ExpandSources): readonly ValueSetExpansionContains[] {
  return [...new Expansion(sources).membersOf(valueSet).values()].map(({ contains }) => contains);
}

/** The value set with its expansion, without nesting. Throws a FhirError 422: `too-costly` for more than 50,000 codes without paging. */
export function expand(request: ExpandRequest, sources: ExpandSources): ValueSet {
  const { valueSet, filter, offset = 0, count, activeOnly, includeDesignations } = request;
  const expansion = new Expansion(sources);
  let members = [...expansion.membersOf(valueSet).values()];
  if (activeOnly) members = members.filter(({ isInactive }) => !isInactive);
  if (request.excludeNotForUI) members = members.filter(({ contains }) => contains.abstract !== true);
  if (filter !== undefined) members = members.filter(matches(filter));
  const page = members.slice(offset, count === undefined ? undefined : offset + count);
  if (page.length > maximumCodes) {
    throw cannot('too-costly', `More than ${maximumCodes} codes are sent in pages: use count and offset`);
  }
  const { compose, expansion: _expansion, ...facts } = valueSet;
  const contains = page.map(({ contains }) => (includeDesignations ? contains : withoutDesignations(contains)));
  return {
    ...facts,
    ...(compose && request.includeDefinition && { compose }),
    expansion: {
      identifier: request.identifier,
      timestamp: request.timestamp,
      total: members.length,
      offset,
      parameter: parametersOf(request, expansion.used),
      ...(contains.length > 0 && { contains }),
    },
  };
}

/** A value set of everything in a code system, for a system that names it as its `valueSet`. */
export function wholeSystem(canonical: string, system: string): ValueSet {
  return {
    resourceType: 'ValueSet',
    url: splitCanonical(canonical).url,
    status: 'active',
    compose: { include: [{ system }] },
  };
}
