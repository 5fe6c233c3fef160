/** One link of a chain: the reference parameter, the types that it leads to, and the ways there. https://hl7.org/fhir/R4/search.html#chaining */
import type { SearchParameter } from '../fhir/search-parameter.ts';
import { isApart, refuseApart } from './audit-events.ts';
import { isCanonicalType } from './canonicals.ts';
import type { Condition } from './condition.ts';
import { containedIndex } from './contained.ts';
import { type LinkKind, linkKindsOf } from './link-kinds.ts';
import { refused } from './malformed.ts';
import { commonParameter } from './parse-parameter.ts';
import { refusePending } from './refuse-pending.ts';
import type { SearchScope } from './search-scope.ts';
import { targetTypesOf } from './types/reference.ts';

interface Asked {
  readonly types: readonly string[];
  /** As the client wrote it, for error messages. */
  readonly name: string;
}

interface Head {
  readonly code: string;
  readonly modifier?: string;
}

/** `subject:Patient` */
export function readHead(text: string): Head {
  const colon = text.indexOf(':');
  return colon < 0 ? { code: text } : { code: text.slice(0, colon), modifier: text.slice(colon + 1) };
}

/** The code that a path begins with. */
const firstCode = (path: string): string => readHead(path.split('.', 1)[0] ?? '').code;

/** True for a parameter that all of the types have. */
export function isKnown(path: string, types: readonly string[], scope: SearchScope): boolean {
  const code = firstCode(path);
  return ['_has', '_list', '_filter'].includes(code) || commonParameter(types, code, scope) !== undefined;
}

export const unknown = ({ types, name }: Asked) =>
  refused(name, `no search parameter of ${types.length === 1 ? types[0] : 'all these types'} has this name`);

function checkLink(parameter: SearchParameter, { name }: Asked): void {
  if (parameter.type === 'reference') return;
  throw refused(name, `${parameter.code} is no reference, so nothing can be chained to it`);
}

/** A link of a chain: its reference parameter, the types that it leads to where `rest` means something, and the ways to them. */
export interface ChainLink {
  readonly types: readonly string[];
  readonly code: string;
  readonly isSingle: boolean;
  readonly ways: readonly Way[];
}

interface Way {
  readonly via: LinkKind;
  readonly targets: readonly string[];
}

/** Literal references and canonicals, these only to what has one. */
export function waysTo(
  targets: readonly string[],
  kinds: readonly LinkKind[],
  { elements }: SearchScope,
): readonly Way[] {
  const own = targets.filter((type) => isCanonicalType(type, elements));
  const ways = kinds.map((via) => ({ via, targets: via === 'canonical' ? own : targets }));
  return ways.filter((way) => way.targets.length > 0);
}

/** `head` is `subject` or `subject:Patient`, `rest` what follows it. Throws a FhirError 400. */
export function linkOf(head: string, asked: Asked & { readonly rest: string }, scope: SearchScope): ChainLink {
  const { types, name, rest } = asked;
  const { code, modifier } = readHead(head);
  const parameter = commonParameter(types, code, scope);
  if (!parameter) throw unknown(asked);
  checkLink(parameter, asked);
  // what is contained belongs to what a chain finds
  refusePending(containedIndex, scope.registry);
  refuseApart(modifier, name);
  const all = targetTypesOf(parameter).filter((type) => !isApart(type));
  if (modifier !== undefined && !all.includes(modifier))
    throw refused(name, `${code} leads to no resource of this type`);
  const targets = (modifier === undefined ? all : [modifier]).filter((type) => isKnown(rest, [type], scope));
  const ways = waysTo(targets, linkKindsOf(types, code, scope.shapes), scope);
  if (ways.length === 0) throw refused(name, 'no type that the chain leads to has such a search parameter');
  const isSingle = types.length === 1 && scope.shapes.isSingle(types[0] ?? '', parameter);
  return { types, code, ways, isSingle };
}

export function oneOf(conditions: readonly Condition[]): Condition {
  const [only] = conditions;
  return only && conditions.length === 1 ? only : { kind: 'any', conditions };
}

/** What is asked of the resources at the end of a link, whichever way leads there. */
export function chainThrough(
  { types, code, ways, isSingle }: ChainLink,
  conditionOf: (type: string) => Condition,
): Condition {
  const conditions = new Map(ways.flatMap(({ targets }) => targets).map((type) => [type, conditionOf(type)]));
  const chains = ways.map(({ via, targets }): Condition => {
    const asked = [...conditions].filter(([type]) => targets.includes(type));
    return {
      kind: 'chain',
      types,
      code,
      via,
      isSingle,
      targets: asked.map(([type, condition]) => ({ type, condition })),
    };
  });
  return oneOf(chains);
}
