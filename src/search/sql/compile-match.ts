/** One search parameter as SQL: which rows of which index table. https://hl7.org/fhir/R4/search.html */
import { sql } from 'drizzle-orm';
import { partsOf } from '../combined-parameters.ts';
import { companionCodes, isPatientSubject } from '../companions.ts';
import type { ParameterCondition } from '../condition.ts';
import {
  aspectKey,
  compositeKey,
  exactKey,
  ofTypeKey,
  parameterKey,
  targetKey,
  tokenKey,
  typeOfName,
} from '../keys.ts';
import type { Match } from '../match.ts';
import { storedUri } from '../stored-uri.ts';
import { compileSeveral, fromLists, fromTokens, type MatchOf, type Subject, unique } from './building-blocks.ts';
import { compileId, compileLastUpdated } from './compile-columns.ts';
import { compileHierarchy } from './compile-hierarchy.ts';
import { compilePresence } from './compile-presence.ts';
import { compileBelow, compileDate, compileNear, compileNumber, compilePair, compileTexts } from './compile-values.ts';
import { compileWords } from './compile-words.ts';
import { breadths, type CompiledCondition, type Compiling } from './compiled.ts';
import type { Lists } from './rows.ts';

/** Codes of parameters whose values are few, so that each finds a large part of its type. */
const commonCodes: ReadonlySet<string> = new Set(
  (
    '_security _tag active category class clinical-status deceased experimental gender intent kind language mode outcome ' +
    'priority severity status subject-type use verification-status'
  ).split(' '),
);

function tokenBreadth(code: string): number {
  if (code === 'identifier') return breadths.identifier;
  return commonCodes.has(code) ? breadths.commonToken : breadths.token;
}

function compileToken(
  { tokens, aspect }: MatchOf<'token'>,
  { keys, code }: Subject,
  { hash }: Compiling,
): CompiledCondition {
  const spaces = aspect ? keys.map((key) => aspectKey(hash, key, aspect)) : keys;
  const wanted = spaces.flatMap((key) => tokens.map((token) => tokenKey(hash, key, token)));
  const namesCodes = code === companionCodes.code && !aspect && tokens.every((token) => token.code !== undefined);
  return {
    ...fromTokens(wanted, aspect ? breadths.identifier : tokenBreadth(code)),
    ...(namesCodes && { codes: unique(wanted) }),
  };
}

/** Of one patient, whichever of the two parameters asks for it. */
function isAboutPatient(targets: readonly string[], { types, code }: Subject, { parameters }: Compiling): boolean {
  const [target = ''] = targets;
  const [type = ''] = types;
  if (code === companionCodes.patient) return true;
  return (
    code === 'subject' && target.startsWith('Patient/') && types.length === 1 && isPatientSubject(type, parameters)
  );
}

function compileReference({ targets }: MatchOf<'reference'>, subject: Subject, context: Compiling) {
  const { keys } = subject;
  const { hash } = context;
  const wanted = unique(targets.map((target) => targetKey(hash, target)));
  const lists: Lists = { column: 'target_key', type: 'bigint', keys: wanted };
  const [patient] = wanted;
  // of several parameters the rows would not come in the order of resource keys
  return compileSeveral(keys, (key) => ({
    ...fromLists({ table: 'reference_index', lists, where: sql`parameter_key = ${key}::bigint` }, breadths.reference),
    ...(wanted.length === 1 && patient !== undefined && isAboutPatient(targets, subject, context) && { patient }),
  }));
}

/** The version itself stands under the key of the parameter, those below it under one of their own. */
function compileVersions({ canonicals }: MatchOf<'versionsBelow'>, subject: Subject, context: Compiling) {
  const keys = subject.keys.flatMap((key) => [key, aspectKey(context.hash, key, 'version')]);
  return compileReference({ kind: 'reference', targets: canonicals }, { ...subject, keys }, context);
}

function compileUri({ values }: MatchOf<'uri'>, { keys }: Subject, { hash }: Compiling): CompiledCondition {
  const lists: Lists = { column: 'value', type: 'text', keys: unique(values.map((value) => storedUri(hash, value))) };
  return compileSeveral(keys, (key) =>
    fromLists({ table: 'uri_index', lists, where: sql`parameter_key = ${key}::bigint` }, breadths.uri),
  );
}

function compileComposite(
  { alternatives }: MatchOf<'composite'>,
  subject: Subject,
  context: Compiling,
): CompiledCondition {
  return compileSeveral(alternatives, ({ form, last }) => {
    const keys = subject.keys.map((key) => compositeKey(context.hash, key, form));
    const compiled = compileMatch(last, { ...subject, keys, isSingle: false }, context);
    const { breadth, check, rows } = compiled;
    return { breadth: Math.min(breadth, breadths.equalRange), check, ...(rows && { rows }) };
  });
}

type Compile<Kind extends Match['kind']> = (
  match: MatchOf<Kind>,
  subject: Subject,
  context: Compiling,
) => CompiledCondition;

const compilers: { readonly [Kind in Match['kind']]: Compile<Kind> } = {
  id: compileId,
  lastUpdated: compileLastUpdated,
  token: compileToken,
  ofType: ({ identifiers }, { keys }, { hash }) =>
    fromTokens(
      keys.flatMap((key) => identifiers.map((one) => ofTypeKey(hash, key, one))),
      breadths.identifier,
    ),
  exact: ({ values }, { keys }, { hash }) =>
    fromTokens(
      keys.flatMap((key) => values.map((value) => exactKey(hash, key, value))),
      breadths.identifier,
    ),
  reference: compileReference,
  versionsBelow: compileVersions,
  hierarchy: compileHierarchy,
  date: compileDate,
  number: compileNumber,
  numberPair: compilePair,
  startsWith: compileTexts,
  contains: compileTexts,
  equals: compileTexts,
  endsWith: compileTexts,
  uri: compileUri,
  uriBelow: compileBelow,
  composite: compileComposite,
  near: compileNear,
  words: compileWords,
  present: (_match, subject, context) => compilePresence(subject, context),
};

function compileMatch(match: Match, subject: Subject, context: Compiling): CompiledCondition {
  const compile = compilers[match.kind] as Compile<Match['kind']>;
  return compile(match, subject, context);
}

/** Compiles a parameter; one that combines others stands for either of them. */
export function compileParameter(condition: ParameterCondition, context: Compiling): CompiledCondition {
  const { types, code, match, parameterType, isSingle } = condition;
  const [type = ''] = types;
  const codes = partsOf(typeOfName(type), code, context.parameters) ?? [code];
  return compileSeveral(codes, (part) => {
    const keys = types.map((one) => parameterKey(context.hash, one, part));
    return compileMatch(
      match,
      { types, code: part, parameterType, keys, isSingle: isSingle && types.length === 1 },
      context,
    );
  });
}
