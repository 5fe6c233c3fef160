/** What is worth telling an operator about a guide: what it holds, and what it lacks. https://hl7.org/fhir/R4/profiling.html */
import type { PackagedResource } from './read-package.ts';

export interface Survey {
  /** Passes the resources on and looks at each. */
  watch(resources: AsyncIterable<PackagedResource>): AsyncGenerator<PackagedResource>;
  /** How many resources of each type have passed. */
  counts(): Readonly<Record<string, number>>;
  /** What profiles build on and the guide itself does not define. */
  bases(): readonly string[];
  /** Sentences about what has passed; `unknownBases` are those of `bases` that nobody defines. */
  warnings(unknownBases: readonly string[]): readonly string[];
}

const one = (count: number, singular: string, plural: string): string => `${count} ${count === 1 ? singular : plural}`;

export function createSurvey(): Survey {
  const counts = new Map<string, number>();
  const defined = new Set<string>();
  const canonicals = new Set<string>();
  const bases = new Set<string>();
  let differentials = 0;
  let nameless = 0;
  let repeated = 0;

  function look({ type, url, version = '', resource }: PackagedResource): void {
    counts.set(type, (counts.get(type) ?? 0) + 1);
    const canonical = `${type} ${url}|${version}`;
    if (url === undefined) nameless += Number(type !== 'NamingSystem');
    else if (canonicals.has(canonical)) repeated += 1;
    canonicals.add(canonical);
    if (type !== 'StructureDefinition') return;
    if (url !== undefined) defined.add(url);
    const base = resource['baseDefinition'];
    if (typeof base === 'string') bases.add(base.split('|')[0] ?? '');
    if (resource['snapshot'] === undefined) differentials += 1;
  }

  return {
    async *watch(resources) {
      for await (const resource of resources) {
        look(resource);
        yield resource;
      }
    },
    counts: () => Object.fromEntries([...counts].toSorted(([left], [right]) => (left < right ? -1 : 1))),
    bases: () => [...bases].filter((base) => !defined.has(base)),
    warnings: (unknownBases) => [
      ...unknownBases.map((base) => `Unknown base profile: ${JSON.stringify(base)}`),
      ...(differentials > 0 ? [`${one(differentials, 'profile has', 'profiles have')} a differential only`] : []),
      ...(nameless > 0 ? [`${one(nameless, 'resource has', 'resources have')} no usable url and cannot be found`] : []),
      ...(repeated > 0 ? [`${one(repeated, 'resource stands', 'resources stand')} in it more than once`] : []),
    ],
  };
}
