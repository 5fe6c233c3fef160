/** A terminology for searches at random: value sets that name their codes in their URL, and a hierarchy by the alphabet. https://hl7.org/fhir/R4/search.html#token */
import type { CodeLookups } from '../../../src/search/search-scope.ts';
import { isJson, isText } from './values.ts';

export interface Code {
  readonly system: string;
  readonly code: string;
}

const prefix = 'http://oracle.example/of/';

export const valueSetOf = (codes: readonly Code[]): string => prefix + encodeURIComponent(JSON.stringify(codes));

/** Above stand those that begin with the same letter and come before. */
export function isRelated(one: Code, other: Code, direction: 'above' | 'below'): boolean {
  if (one.system !== other.system || one.code.charAt(0) !== other.code.charAt(0)) return false;
  return direction === 'below' ? other.code >= one.code : other.code <= one.code;
}

function collect(value: unknown, found: Map<string, Code>): void {
  if (Array.isArray(value)) for (const item of value) collect(item, found);
  if (!isJson(value)) return;
  const { system, code } = value;
  if (isText(system) && isText(code)) found.set(`${system}|${code}`, { system, code });
  for (const member of Object.values(value)) collect(member, found);
}

/** Knows the codes that stand in the resources. */
export function createCodes(resources: readonly object[]): CodeLookups {
  const found = new Map<string, Code>();
  for (const resource of resources) collect(resource, found);
  return {
    membersOf: (url) =>
      url.startsWith(prefix)
        ? (JSON.parse(decodeURIComponent(url.slice(prefix.length))) as readonly Code[])
        : undefined,
    relatives({ system = '', code = '' }, direction) {
      if (!found.has(`${system}|${code}`)) return undefined;
      return [...found.values()].filter((other) => isRelated({ system, code }, other, direction));
    },
  };
}
