/** What a reference may point to by a profile. https://hl7.org/fhir/R4/references.html */
import { isKindOf } from '../../fhirpath/type-hierarchy.ts';
import type { ElementFacts } from '../snapshot/element-tree.ts';
import { cursorAt, expressionOf, isObject } from './cursor.ts';
import type { ProfileCheckOptions, Rule, Run } from './run.ts';
import type { Conforms } from './slice-test.ts';

interface Checking {
  readonly options: ProfileCheckOptions;
  readonly profile: string;
  readonly conforms: Conforms;
}

const literal = /(?:^|\/)([A-Z][A-Za-z]{1,63})\/[A-Za-z0-9\-.]{1,64}(?:\/_history\/[A-Za-z0-9\-.]{1,64})?$/;

const targetsOf = ({ type = [] }: ElementFacts): readonly string[] =>
  type.filter(({ code }) => code === 'Reference').flatMap(({ targetProfile = [] }) => targetProfile);

const isBase = (url: string): boolean => url.startsWith('http://hl7.org/fhir/StructureDefinition/');

/** Whether a reference may be to something contained, and to something that is not. Whether what is not stands in the same Bundle is not looked at. */
export function aggregationRule({ type = [] }: ElementFacts, { profile }: Pick<Checking, 'profile'>): Rule | undefined {
  const references = type.filter(({ code }) => code === 'Reference');
  const modes = new Set(references.flatMap(({ aggregation = [] }) => aggregation));
  if (references.some(({ aggregation = [] }) => aggregation.length === 0)) return undefined;
  const [inside, outside] = [modes.has('contained'), modes.has('referenced') || modes.has('bundled')];
  if (inside === outside) return undefined;
  return (cursor, run) => {
    const reference = isObject(cursor.value) ? cursor.value['reference'] : undefined;
    if (typeof reference !== 'string' || reference.startsWith('#') === inside) return;
    run.error(
      'value',
      inside
        ? `${profile} wants what is referred to contained`
        : `${profile} does not want what is referred to contained`,
      cursor,
    );
  };
}

interface Target {
  readonly resource: object | undefined;
  readonly type: string | undefined;
}

/** The target itself where it can be looked at, else the type that the reference tells. */
function targetOf(value: Readonly<Record<string, unknown>>, { context }: Run): Target {
  const { reference, type } = value;
  const resource = typeof reference === 'string' ? context.resolve?.(reference) : undefined;
  if (resource) return { resource, type: String((resource as { resourceType?: unknown }).resourceType) };
  const told = typeof reference === 'string' ? literal.exec(reference)?.[1] : undefined;
  return { resource: undefined, type: told ?? (typeof type === 'string' ? type : undefined) };
}

/** The rule where the profile allows fewer targets than the type; undefined where it does not. */
export function targetRule(facts: ElementFacts, base: ElementFacts | undefined, checking: Checking): Rule | undefined {
  const targets = targetsOf(facts);
  const before = base ? targetsOf(base) : [];
  const isSame = targets.length === before.length && targets.every((url) => before.includes(url));
  if (targets.length === 0 || isSame) return undefined;
  const { options, profile, conforms } = checking;
  const { conformance, elements } = options;
  const typeOf = (url: string): string => {
    const bare = url.split('|')[0] ?? '';
    return (
      conformance.find('StructureDefinition', url)?.type ?? (isBase(bare) ? bare.slice(bare.lastIndexOf('/') + 1) : '')
    );
  };
  return (cursor, run) => {
    if (cursor.type !== 'Reference' || !isObject(cursor.value)) return;
    const { resource, type } = targetOf(cursor.value, run);
    if (type === undefined || elements.type(type)?.kind !== 'resource') return;
    const types = targets.map((url) => [url, typeOf(url)] as const);
    // of a profile that is not known here nobody can say that it is not meant
    if (types.some(([, known]) => known === '')) return;
    const fitting = types.filter(([, known]) => isKindOf(type, known, elements));
    if (fitting.length === 0) {
      run.error('value', `${profile} allows references to ${types.map(([, known]) => known).join(', ')} only`, cursor);
      return;
    }
    if (!resource || fitting.some(([url]) => isBase(url.split('|')[0] ?? ''))) return;
    const at = cursorAt(resource, type, expressionOf(cursor));
    if (fitting.every(([url]) => conforms(at, url, run) === false)) {
      run.error('value', `What is referred to does not conform to ${fitting.map(([url]) => url).join(' or ')}`, cursor);
    }
  };
}
