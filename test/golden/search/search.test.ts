/** The exact SQL of searches, so that every change of a plan is seen and meant. `npm run golden:update` writes it anew. */
import { readFileSync, writeFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import type { SQL } from 'drizzle-orm';
import { PgDialect } from 'drizzle-orm/pg-core';
import { compileRevincludes } from '../../../src/search/compile-includes.ts';
import { sealCursor } from '../../../src/search/cursor.ts';
import { parseSearch } from '../../../src/search/parse-search.ts';
import { compileSearch } from '../../../src/search/sql/compile-search.ts';
import { definitions, registry } from '../../search/registry.ts';
import { readableHash } from '../../search/row-recorder.ts';
import { scope } from '../../search/scope.ts';

interface Statement {
  readonly sql: string;
  readonly params: readonly unknown[];
}
type Golden = Readonly<Record<string, Readonly<Record<string, Statement>>>>;

const file = new URL('searches.json', import.meta.url);
const isUpdate = process.env['UPDATE_GOLDEN'] === '1';
const dialect = new PgDialect();
const context = { hash: readableHash, resourceTypes: definitions.resourceTypes, parameters: registry, cursorSecret: 'secret' };

const searches = [
  'Patient?',
  'Patient?_count=0',
  'Patient?_total=accurate&_count=10',
  'Patient?_id=a',
  'Patient?_id=a,b&_id=b,c',
  'Patient?_id=a&gender=male',
  'Patient?gender=male',
  'Patient?gender=male,female',
  'Patient?gender=male,male',
  'Patient?identifier=http://x.example|1&gender=male',
  'Patient?family=Sm_ith',
  'Patient?family=Smith,Jones&given=Ann&gender=female',
  'Patient?name=a',
  'Patient?name=\u{10ffff}',
  'Patient?birthdate=1980-05-05',
  'Patient?birthdate=ne1980-05-05',
  'Patient?birthdate=gt1980&birthdate=lt1990',
  'Patient?birthdate=ge1980',
  'Patient?birthdate=le1980',
  'Patient?birthdate=sa1980,eb1970',
  'Patient?birthdate=1980-05-05&gender=male',
  'Patient?_lastUpdated=gt2026-01-01',
  'Patient?_lastUpdated=gt2026-01-01&gender=male',
  'Patient?_profile=http://p.example|1.0',
  'Patient?_source=http://a.example,http://b.example',
  'Patient?_tag=s|t&family=Smith',
  'Observation?code=http://loinc.org|8867-4',
  'Observation?code=|8867-4',
  'Observation?code=http://loinc.org|',
  'Observation?status=final&code=http://loinc.org|8867-4',
  'Observation?patient=1',
  'Observation?patient=1&code=http://loinc.org|8867-4&date=ge2020-01-01',
  'Observation?subject=1',
  'Observation?subject:Patient=1,2',
  'Observation?value-quantity=5.4',
  'Observation?value-quantity=gt5.4|http://unitsofmeasure.org|mg&code=c',
  'Observation?value-quantity=ap5||mg,lt3||g',
  'RiskAssessment?probability=ne0.5',
  'QuestionnaireResponse?questionnaire=http://q.example|1.0',
  'Observation?_sort=_lastUpdated',
  'Observation?_sort=-_lastUpdated&_lastUpdated=ge2026-01-01&status=final',
  'Observation?_sort=-_lastUpdated&patient=1&code=c',
  'Observation?_sort=-_lastUpdated&_id=a,b',
  'Observation?_total=estimate&patient=1&code=c,d',
  'Observation?_sort=date',
  'Observation?_sort=-date&patient=1',
  'Observation?_sort=-date&patient=1&category=vital-signs',
  'Observation?_sort=-date&patient=1&date=ge2020',
  'Observation?_sort=-date&code=c',
  'Observation?_sort=-date&date=ge2020&date=lt2021',
  'Observation?_sort=status,-date&patient=1',
  'Observation?_sort=value-quantity',
  'Observation?_sort=_id&code=c',
  'Patient?_sort=family&gender=male',
  'Patient?_sort=-birthdate&name=ann',
  'Patient?_sort=gender',
  'Observation?date=ge2020-01-01&date=lt2020-02-01',
  'Observation?date=gt2020-01-01,lt2010',
  'Observation?date=ap2020',
  'Patient?name=ann&birthdate=ge1980',
  'Patient?name:contains=nn',
  'Patient?name:exact=Ann',
  'Patient?gender:not=male',
  'Patient?gender:missing=true',
  'Patient?birthdate:missing=false',
  'Patient?general-practitioner:missing=true',
  'Patient?link:missing=false&gender=male',
  'ValueSet?url:missing=false',
  'ValueSet?url:below=http://v.example/a',
  'ValueSet?url:above=http://v.example/a/b',
  'ValueSet?_sort=url',
  'Observation?code:text=head',
  'Patient?identifier:of-type=s|MR|1',
  'Observation?subject:identifier=s|1',
  'Observation?value-quantity=5|http://unitsofmeasure.org|mg',
  'Observation?value-quantity=lt5|http://unitsofmeasure.org|mg,gt5',
  'Observation?combo-code=c',
  'Observation?combo-value-quantity=gt5',
  'Observation?combo-code-value-quantity=c$gt5',
  'Observation?code-value-quantity=s|c$gt5',
  'Observation?code-value-concept=c$d,e$f',
  'Observation?code-value-date=c$2020',
  'Observation?code-value-string=c$some',
  'DocumentReference?relationship=appends$DocumentReference/1',
  'MolecularSequence?chromosome-window-coordinate=1$lt345$gt123',
  'Location?near=-33.5|151|1|km',
  'Patient?_text=heart failure',
  'Patient?_text=heart failure,asthma&gender=male',
  'Observation?patient._content=asthma',
  'Observation?patient.name=ann',
  'Observation?patient.gender=male&code=c',
  'Observation?subject:Patient.name=ann&_total=accurate',
  'Observation?subject.identifier=1',
  'Observation?patient.organization.name=a',
  'Observation?patient.birthdate=ge1980&status=final',
  'Observation?patient._id=1',
  'Patient?_has:Observation:patient:code=c',
  'Patient?_has:Observation:patient:code=c&gender=male',
  'Patient?_has:Observation:patient:date=ge2020&_total=accurate',
  'Patient?_has:Observation:patient:_has:Provenance:target:agent=1',
  'Patient?_has:Observation:patient:encounter.status=finished',
  'Patient?organization._has:Encounter:service-provider:status=finished',
  'Procedure?location:below=42',
  'Procedure?location:below=42,43&status=completed',
  'Procedure?patient=1&location:below=42',
  'Location?partof:above=42',
  'Location?partof:above=42&status=active&_sort=name',
  'MedicationAdministration?context:above=21',
  'CarePlan?based-on:below=1',
  'Task?based-on:below=1',
  'QuestionnaireResponse?questionnaire:below=http://q.example|1',
  'QuestionnaireResponse?questionnaire.title=x',
  'QuestionnaireResponse?questionnaire.title=x&status=completed',
  'Questionnaire?_has:QuestionnaireResponse:questionnaire:status=completed',
  'Questionnaire?_has:QuestionnaireResponse:questionnaire:status=completed&title=x',
  'Patient?_list=42',
  'Patient?_list=42&gender=male',
  'Encounter?status=finished&date=ge2020-01-01&patient=1',
  'Patient?_contained=true',
  'Patient?_contained=true&_containedType=contained',
  'Patient?_contained=true&_id=a&gender:not=male&_total=accurate',
  'Patient?_contained=true&family=a&birthdate=ge1980&_lastUpdated=ge2026-01-01',
  'Patient?_contained=true&_containedType=contained&_sort=-_lastUpdated,_id',
  'Patient?_contained=both&gender=male&_total=accurate',
  'Patient?_contained=both&_containedType=contained&gender=male',
];

/** Each with its second page as well. */
const pagedSearches = [
  'Patient?',
  'Patient?gender=male,female',
  'Patient?birthdate=ge1980',
  'Observation?_sort=_lastUpdated',
  'Observation?_sort=-_lastUpdated&patient=1',
  'Observation?_sort=-date&patient=1&category=vital-signs',
  'Observation?_sort=date',
  'Observation?_sort=status,-date&patient=1',
  'Patient?_contained=true',
  'Patient?_contained=both&gender=male',
];

function statement(sql: SQL): Statement {
  const { sql: text, params } = dialect.sqlToQuery(sql);
  return { sql: text, params };
}

/** A place in the order of a search, for its second page. */
function placeOf({ sort, criteria }: ReturnType<typeof parseSearch>): readonly (string | null)[] {
  const [key] = sort;
  const [criterion] = criteria;
  if (key?.code === '_lastUpdated') return ['2026-02-03T04:05:06.789Z'];
  if (sort.length > 0) return sort.flatMap(({ parameterType }) => (parameterType === 'date' ? ['2026-02-03', '2026-02-04'] : ['a']));
  return criterion?.kind === 'parameter' && criterion.match.kind === 'date' ? ['2026-02-03', '2026-02-04'] : [];
}

/** Every statement of a search: those that count, and the page and the total when much was counted, and when little. */
function statementsOf(text: string, page: 'first' | 'next' | 'previous'): Record<string, Statement> {
  const [type = '', query = ''] = text.split('?');
  const first = parseSearch({ types: [type], parameters: [...new URLSearchParams(query)], scope });
  const start = { resourceKey: '4711', values: placeOf(first), isBackward: page === 'previous' };
  const next = { ...first, cursor: sealCursor(start, first, context.cursorSecret) };
  const plan = () => compileSearch(page === 'first' ? first : next, context);
  const { probes } = plan();
  const entries = (name: string, statements: readonly SQL[] = []) =>
    statements.map((one, index) => [index === 0 ? name : `${name} ${index + 1}`, statement(one)] as const);
  const much = probes.map((_, index) => 10_000 + index);
  const little = probes.map((_, index) => index);
  const total = plan().total?.(much);
  return Object.fromEntries([
    ...entries('probe', probes),
    ...entries('page', plan().page?.(much)),
    ...(probes.length > 0 ? entries('page of few', plan().page?.(little)) : []),
    ...(total ? entries('total', [total]) : []),
  ]);
}

const revincludes = compileRevincludes(
  {
    parameters: [
      { type: 'Observation', code: 'subject' },
      { type: 'Provenance', code: 'target' },
    ],
    matches: [
      { type: 'Patient', id: 'a' },
      { type: 'Patient', id: 'b' },
    ],
    limit: 1_001,
  },
  context,
).page?.([]) ?? [];

const compiled: Golden = {
  ...Object.fromEntries(searches.map((text) => [text, statementsOf(text, 'first')])),
  ...Object.fromEntries(pagedSearches.map((text) => [`${text} (next page)`, statementsOf(text, 'next')])),
  ...Object.fromEntries(pagedSearches.map((text) => [`${text} (previous page)`, statementsOf(text, 'previous')])),
  '_revinclude=Observation:subject&_revinclude=Provenance:target': Object.fromEntries(revincludes.map((one) => ['page', statement(one)])),
};

if (isUpdate) writeFileSync(file, `${JSON.stringify(compiled, null, 1)}\n`);
const golden = JSON.parse(readFileSync(file, 'utf8')) as Golden;

describe('SQL of searches', () => {
  test.each(Object.keys(compiled))('%s', (name) => {
    expect(compiled[name]).toEqual(golden[name]);
  });

  test('has none that is no longer made', () => {
    expect(Object.keys(golden)).toEqual(Object.keys(compiled));
  });

  test('is the same whatever the values and however many, where one parameter can hold them', () => {
    const texts = ['code=a', 'code=b'].map((query) => statementsOf(`Observation?${query}`, 'first')['page']?.sql);
    const lists = ['code=a,b', 'code=c,d,e'].map((query) => statementsOf(`Observation?${query}`, 'first')['page']?.sql);
    expect([new Set(texts).size, new Set(lists).size]).toEqual([1, 1]);
  });

  test('holds no value of a client', () => {
    const secret = "s3cr3t');--";
    const text = `Patient?family=${secret}&gender=${secret}&_id=${secret}&_source=${secret}&organization=urn:${secret}`;
    expect(statementsOf(text, 'first')['page']?.sql).not.toContain('s3cr3t');
  });
});
