/** The exact SQL of searches, so that every change of a plan is seen and meant. `npm run golden:update` writes it anew. */
import { readFileSync, writeFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import type { SQL } from 'drizzle-orm';
import { PgDialect } from 'drizzle-orm/pg-core';
import { compileRevincludes } from '../../../src/search/compile-revincludes.ts';
import { compileSearch } from '../../../src/search/compile-search.ts';
import { sealCursor } from '../../../src/search/cursor.ts';
import { parseSearch } from '../../../src/search/parse-search.ts';
import { definitions, registry } from '../../search/registry.ts';
import { readableHash } from '../../search/row-recorder.ts';

interface Statement {
  readonly sql: string;
  readonly params: readonly unknown[];
}
type Golden = Readonly<Record<string, Readonly<Record<string, Statement>>>>;

const file = new URL('searches.json', import.meta.url);
const isUpdate = process.env['UPDATE_GOLDEN'] === '1';
const dialect = new PgDialect();
const context = { hash: readableHash, resourceTypes: definitions.resourceTypes, cursorSecret: 'secret' };

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
];

/** Each with its second page as well. */
const pagedSearches = ['Patient?', 'Patient?gender=male,female', 'Patient?birthdate=ge1980', 'Observation?_sort=_lastUpdated', 'Observation?_sort=-_lastUpdated&patient=1'];

function statement(sql: SQL): Statement {
  const { sql: text, params } = dialect.sqlToQuery(sql);
  return { sql: text, params };
}

function statementsOf(text: string, page: 'first' | 'next'): Record<string, Statement> {
  const [type = '', query = ''] = text.split('?');
  const first = parseSearch({ type, parameters: [...new URLSearchParams(query)], registry });
  const position = { resourceKey: '4711', position: first.sort === 'newest' ? '4711' : '2026-02-03T04:05:06.789Z' };
  const next = { ...first, cursor: sealCursor(position, first, context.cursorSecret) };
  const plan = compileSearch(page === 'first' ? first : next, context);
  return {
    ...(plan.page && { page: statement(plan.page) }),
    ...(plan.total && { total: statement(plan.total) }),
  };
}

const { page: revincludes } = compileRevincludes(
  {
    revincludes: [
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
);

const compiled: Golden = {
  ...Object.fromEntries(searches.map((text) => [text, statementsOf(text, 'first')])),
  ...Object.fromEntries(pagedSearches.map((text) => [`${text} (next page)`, statementsOf(text, 'next')])),
  '_revinclude=Observation:subject&_revinclude=Provenance:target': revincludes ? { page: statement(revincludes) } : {},
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
