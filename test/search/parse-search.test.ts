import { describe, expect, test } from '@jest/globals';
import { FhirError } from '../../src/fhir/fhir-error.ts';
import type { Match } from '../../src/search/match.ts';
import { parseSearch, type SearchInput } from '../../src/search/parse-search.ts';
import type { SearchQuery } from '../../src/search/search-query.ts';
import { selfLink } from '../../src/search/self-link.ts';
import { scope } from './scope.ts';

const now = new Date('2020-01-01T00:00:00Z');

function parse(text: string, options: Partial<SearchInput> = {}): SearchQuery {
  const [type = '', query = ''] = text.split('?');
  const parameters = [...new URLSearchParams(query)];
  return parseSearch({ types: [type], parameters, scope: { ...scope, now }, ...options });
}

function refusalOf(text: string, options: Partial<SearchInput> = {}): FhirError {
  try {
    parse(text, options);
  } catch (error) {
    if (error instanceof FhirError) return error;
    throw error;
  }
  throw new Error(`${text} was not refused`);
}

const day = { low: '2020-03-05T00:00:00.000Z', high: '2020-03-05T23:59:59.999Z' };

describe('criteria', () => {
  test.each<[string, Match]>([
    ['Patient?_id=1,2', { kind: 'id', ids: ['1', '2'] }],
    ['Patient?_lastUpdated=gt2020-03-05', { kind: 'lastUpdated', comparisons: [{ prefix: 'gt', ...day }] }],
    ['Observation?code=c', { kind: 'token', tokens: [{ code: 'c' }] }],
    ['Observation?code=s|c', { kind: 'token', tokens: [{ system: 's', code: 'c' }] }],
    ['Observation?code=|c', { kind: 'token', tokens: [{ system: '', code: 'c' }] }],
    ['Observation?code=s|', { kind: 'token', tokens: [{ system: 's' }] }],
    ['Observation?code=a\\|b\\,c\\$d\\\\,e', { kind: 'token', tokens: [{ code: 'a|b,c$d\\' }, { code: 'e' }] }],
    ['Patient?active=true', { kind: 'token', tokens: [{ code: 'true' }] }],
    ['Patient?_tag=s|t', { kind: 'token', tokens: [{ system: 's', code: 't' }] }],
    ['Patient?_profile=http://p.example|1', { kind: 'uri', values: ['http://p.example|1'] }],
    [
      'Patient?_profile=StructureDefinition/p',
      { kind: 'uri', values: ['http://here.example/fhir/StructureDefinition/p'] },
    ],
    ['Patient?family=M%C3%BCller,%25_', { kind: 'startsWith', texts: ['muller', '%_'] }],
    ['Patient?address=a\\,b', { kind: 'startsWith', texts: ['a,b'] }],
    ['Patient?birthdate=2020-03-05', { kind: 'date', comparisons: [{ prefix: 'eq', ...day }] }],
    [
      'Patient?birthdate=ne2020-03-05,eb2020-03-05',
      {
        kind: 'date',
        comparisons: [
          { prefix: 'ne', ...day },
          { prefix: 'eb', ...day },
        ],
      },
    ],
    [
      'Observation?date=le2020-03-05T10:00:00+01:00',
      {
        kind: 'date',
        comparisons: [{ prefix: 'le', low: '2020-03-05T09:00:00.000Z', high: '2020-03-05T09:00:00.999Z' }],
      },
    ],
    [
      'Patient?birthdate=ap2019-12-22',
      {
        kind: 'date',
        // ten days before the present, less half a day to the middle of that day: a tenth of nine and a half days
        comparisons: [{ prefix: 'ap', low: '2019-12-21T01:12:00.000Z', high: '2019-12-23T22:47:59.999Z' }],
      },
    ],
    ['RiskAssessment?probability=gt-3.5', { kind: 'number', comparisons: [{ prefix: 'gt', low: -3.5, high: -3.5 }] }],
    [
      'Observation?value-quantity=ge5.4|http://u.example|mg',
      {
        kind: 'number',
        comparisons: [{ prefix: 'ge', low: 5.4, high: 5.4, unit: { system: 'http://u.example', code: 'mg' } }],
      },
    ],
    [
      'Observation?value-quantity=lt5.4||mg',
      {
        kind: 'number',
        comparisons: [{ prefix: 'lt', low: 5.4, high: 5.4, unit: { code: 'mg' } }],
      },
    ],
    ['Observation?patient=1', { kind: 'reference', targets: ['Patient/1'] }],
    ['Observation?patient=Patient/1', { kind: 'reference', targets: ['Patient/1'] }],
    [
      'Observation?subject=1',
      {
        kind: 'reference',
        targets: ['Group/1', 'Device/1', 'Patient/1', 'Location/1'],
      },
    ],
    ['Observation?subject:Patient=1,Patient/2', { kind: 'reference', targets: ['Patient/1', 'Patient/2'] }],
    ['Observation?subject=Patient/1/_history/2', { kind: 'reference', targets: ['Patient/1'] }],
    ['Observation?subject=http://here.example/fhir/Patient/1', { kind: 'reference', targets: ['Patient/1'] }],
    [
      'Observation?subject=http://there.example/Patient/1',
      {
        kind: 'reference',
        targets: ['http://there.example/Patient/1'],
      },
    ],
    ['QuestionnaireResponse?questionnaire=http://q.example|1', { kind: 'reference', targets: ['http://q.example|1'] }],
    ['ValueSet?url=http://v.example/a\\,b', { kind: 'uri', values: ['http://v.example/a,b'] }],
  ])('%s', (text, match) => {
    expect(parse(text).criteria).toMatchObject([{ kind: 'parameter', match }]);
  });

  test('repeated ones are all kept', () => {
    const { criteria } = parse('Patient?given=a&given=b&family=c');
    expect(criteria).toMatchObject([{ code: 'given' }, { code: 'given' }, { code: 'family' }]);
  });

  test('none asks for all', () => {
    expect(parse('Patient').criteria).toEqual([]);
  });
});

describe('conditions beside those on one parameter', () => {
  const parameter = (code: string) => expect.objectContaining({ kind: 'parameter', code });

  test.each<[string, object]>([
    ['Patient?gender:not=male', { kind: 'not', condition: parameter('gender') }],
    ['Patient?birthdate:missing=true', { kind: 'not', condition: { code: 'birthdate', match: { kind: 'present' } } }],
    ['Patient?birthdate:missing=false', { code: 'birthdate', match: { kind: 'present' } }],
    ['Patient?family:exact=Ann', { match: { kind: 'exact', values: ['Ann'] } }],
    ['Patient?family:contains=ANN', { match: { kind: 'contains', texts: ['ann'] } }],
    ['Observation?code:text=Head', { match: { kind: 'contains', texts: ['head'], aspect: 'text' } }],
    ['Patient?identifier:of-type=s|MR|1', { match: { kind: 'ofType', identifiers: [['s', 'MR', '1']] } }],
    ['Observation?subject:identifier=s|1', { match: { kind: 'token', aspect: 'identifier' } }],
    ['ValueSet?url:below=http://v.example/a/', { match: { kind: 'uriBelow', values: ['http://v.example/a'] } }],
    [
      'Procedure?location:below=42,Location/43',
      {
        match: {
          kind: 'hierarchy',
          direction: 'below',
          branches: [{ type: 'Location', code: 'partof', targets: ['Location/42', 'Location/43'] }],
        },
      },
    ],
    [
      'MedicationAdministration?context:above=21',
      {
        match: {
          direction: 'above',
          branches: [{ type: 'Encounter', code: 'part-of', targets: ['Encounter/21'] }],
        },
      },
    ],
    [
      'CarePlan?replaces:below=http://here.example/fhir/CarePlan/1',
      { match: { branches: [{ type: 'CarePlan', code: 'replaces', targets: ['CarePlan/1'] }] } },
    ],
    [
      'QuestionnaireResponse?questionnaire:below=urn:q|1,http://here.example/fhir/Questionnaire/2',
      { match: { kind: 'versionsBelow', canonicals: ['urn:q|1', 'Questionnaire/2'] } },
    ],
    [
      'ValueSet?url:above=http://v.example/a/b',
      {
        match: {
          kind: 'uri',
          values: ['', '/a', '/a/b'].flatMap((path) => [`http://v.example${path}`, `http://v.example${path}/`]),
        },
      },
    ],
    ['Location?near=-33.5|151|1|km', { match: { kind: 'near' } }],
    [
      'Observation?code-value-quantity=s|c$gt5',
      { match: { kind: 'composite', alternatives: [{ form: 'both\u0000s\u0000c', last: { kind: 'number' } }] } },
    ],
    [
      'Observation?subject:Patient.name=a',
      { kind: 'chain', code: 'subject', targets: [{ type: 'Patient', condition: parameter('name') }] },
    ],
    [
      'Observation?patient.organization.name=a',
      { kind: 'chain', targets: [{ type: 'Patient', condition: { kind: 'chain', code: 'organization' } }] },
    ],
    [
      'Observation?subject.name=a',
      { kind: 'chain', targets: expect.arrayContaining([expect.objectContaining({ type: 'Patient' })]) },
    ],
    [
      'Patient?_has:Observation:patient:code=c',
      { kind: 'has', type: 'Observation', code: 'patient', types: ['Patient'], condition: parameter('code') },
    ],
    [
      'Patient?_has:Observation:patient:_has:Provenance:target:agent=1',
      { kind: 'has', condition: { kind: 'has', type: 'Provenance', types: ['Observation'] } },
    ],
    [
      'Patient?_has:Observation:patient:encounter.status=finished',
      { kind: 'has', condition: { kind: 'chain', code: 'encounter' } },
    ],
    ['Patient?_list=42', { kind: 'list', ids: ['42'], types: ['Patient'] }],
    [
      'ValueSet?url=http://v.example|1',
      {
        kind: 'any',
        conditions: [
          { code: 'url', match: { values: ['http://v.example|1'] } },
          {
            kind: 'all',
            conditions: [
              { code: 'url', match: { values: ['http://v.example'] } },
              { code: 'version', match: { tokens: [{ code: '1' }] } },
            ],
          },
        ],
      },
    ],
  ])('%s', (text, condition) => {
    expect(parse(text).criteria).toMatchObject([condition]);
  });

  test('of references to anything are not about the log', () => {
    const [chain] = parse('Provenance?target.identifier=a').criteria;
    const types = chain?.kind === 'chain' ? chain.targets.map(({ type }) => type) : [];
    expect(types).toContain('Patient');
    expect(types).not.toContain('AuditEvent');
  });

  test('of several types are about what all of them have', () => {
    const both = { types: ['Patient', 'Observation'] };
    expect(parse('?_tag=a', both).criteria).toMatchObject([{ types: both.types, code: '_tag' }]);
    expect(refusalOf('?birthdate=2020', both).status).toBe(400);
  });
});

describe('the result', () => {
  test('is a page of 50 of the newest, uncounted, unless told otherwise', () => {
    expect(parse('Patient')).toEqual({
      types: ['Patient'],
      criteria: [],
      count: 50,
      sort: [],
      total: 'none',
      includes: [],
      revincludes: [],
      applied: [],
      warnings: [],
    });
  });

  test.each<[string, Partial<SearchQuery>]>([
    ['_count=0', { count: 0 }],
    ['_count=1000', { count: 1_000 }],
    ['_count=999999999', { count: 1_000 }],
    [
      '_sort=_lastUpdated',
      { sort: [{ code: '_lastUpdated', parameterType: 'date', descending: false, isSingle: true }] },
    ],
    [
      '_sort=-date,status',
      {
        sort: [
          { code: 'date', parameterType: 'date', descending: true, isSingle: true },
          { code: 'status', parameterType: 'token', descending: false, isSingle: false },
        ],
      },
    ],
    ['_summary=count', { count: 0 }],
    ['_summary=count&_count=5', { count: 0 }],
    ['_count=5&_summary=count', { count: 0 }],
    [
      '_sort=status&_sort=-date',
      {
        sort: [
          { code: 'status', parameterType: 'token', descending: false, isSingle: false },
          { code: 'date', parameterType: 'date', descending: true, isSingle: true },
        ],
      },
    ],
    ['_type=Observation', { types: ['Observation'] }],
    ['_summary=data', { subset: { kind: 'summary', mode: 'data' } }],
    ['_elements=status,code&_elements=value', { subset: { kind: 'elements', elements: ['status', 'code', 'value'] } }],
    ['_include=*', { includes: [{ type: '*', code: '*', iterate: false }] }],
    ['_include=Observation:*', { includes: [{ type: 'Observation', code: '*', iterate: false }] }],
    ['_include:iterate=Patient:organization', { includes: [{ type: 'Patient', code: 'organization', iterate: true }] }],
    ['_total=accurate', { total: 'accurate' }],
    ['_total=estimate', { total: 'estimate' }],
    ['_total=none', { total: 'none' }],
    ['_cursor=abc', { cursor: 'abc' }],
    ['_include=Observation:subject', { includes: [{ type: 'Observation', code: 'subject', iterate: false }] }],
    [
      '_include=Observation:subject:Patient&_include=Observation:encounter',
      {
        includes: [
          { type: 'Observation', code: 'subject', iterate: false, target: 'Patient' },
          { type: 'Observation', code: 'encounter', iterate: false },
        ],
      },
    ],
    ['_revinclude=Provenance:target', { revincludes: [{ type: 'Provenance', code: 'target', iterate: false }] }],
    [
      '_revinclude=Observation:has-member:Observation',
      {
        revincludes: [{ type: 'Observation', code: 'has-member', iterate: false, target: 'Observation' }],
      },
    ],
    ['_format=json&_format=xml&_pretty=true', { criteria: [] }],
  ])('with %s', (query, expected) => {
    expect(parse(`Observation?${query}`)).toMatchObject(expected);
  });
});

describe('refusals name the parameter and never the value', () => {
  const longest = 'v'.repeat(8_192);

  test.each([
    ['Patient?unheard=secret', 'unheard', 'not-supported'],
    ['Patient?constructor=secret', 'constructor', 'not-supported'],
    ['Patient?gender:=secret', 'gender:', 'not-supported'],
    ['Patient?birthdate:missing=secret', 'birthdate:missing', 'invalid'],
    ['Patient?birthdate:exact=secret', 'birthdate:exact', 'not-supported'],
    ['Patient?_id:missing=true', '_id:missing', 'not-supported'],
    ['Patient?gender:in=secret', 'gender:in', 'not-supported'],
    ['Patient?gender:below=s|secret', 'gender:below', 'not-supported'],
    ['Patient?gender:below=secret', 'gender:below', 'invalid'],
    ['Observation?patient:below=secret', 'patient:below', 'not-supported'],
    ['Procedure?location:below=Patient/secret', 'location:below', 'invalid'],
    ['Procedure?location:above=urn:secret', 'location:above', 'invalid'],
    ['Bundle?composition:below=secret', 'composition:below', 'not-supported'],
    ['QuestionnaireResponse?questionnaire:above=urn:secret|1', 'questionnaire:above', 'not-supported'],
    ['QuestionnaireResponse?questionnaire:below=secret', 'questionnaire:below', 'invalid'],
    [`QuestionnaireResponse?questionnaire:below=urn:secret|${'1.'.repeat(20)}`, 'questionnaire:below', 'invalid'],
    [
      'Device?_has:ActivityDefinition:depends-on:name=secret',
      '_has:ActivityDefinition:depends-on:name',
      'not-supported',
    ],
    ['Observation?code.name=secret', 'code.name', 'not-supported'],
    ['Observation?subject.unheard=secret', 'subject.unheard', 'not-supported'],
    ['Observation?subject:Medication.code=secret', 'subject:Medication.code', 'not-supported'],
    ['QuestionnaireResponse?questionnaire.subject=secret', 'questionnaire.subject', 'not-supported'],
    ['Patient?_has:Observation:patient=secret', '_has:Observation:patient', 'not-supported'],
    ['Patient?_has:Observation:encounter:code=secret', '_has:Observation:encounter:code', 'not-supported'],
    ['Patient?_has:Unheard:patient:code=secret', '_has:Unheard:patient:code', 'not-supported'],
    ['Patient?_has=secret', '_has', 'invalid'],
    ['Patient?_list=%24current-secret', '_list', 'not-supported'],
    ['ValueSet?url:below=urn:oid:1.2.secret', 'url:below', 'invalid'],
    [`ValueSet?url:below=http://v.example/${'a'.repeat(200)}`, 'url:below', 'invalid'],
    ['Patient?identifier:of-type=secret', 'identifier:of-type', 'invalid'],
    ['Observation?code-value-quantity=8480-6', 'code-value-quantity', 'invalid'],
    ['Observation?code-value-quantity=8480-6$5||secret', 'code-value-quantity', 'invalid'],
    ['Observation?code-value-quantity=s|$5', 'code-value-quantity', 'invalid'],
    ['Observation?subject:Practitioner=secret', 'subject:Practitioner', 'not-supported'],
    ['Observation?code-value-quantity=secret', 'code-value-quantity', 'invalid'],
    ['Location?near=secret', 'near', 'invalid'],
    ['Patient?_filter=secret', '_filter', 'invalid'],
    ['Patient?_filter=unheard eq secret', '_filter', 'not-supported'],
    ['Patient?_filter=gender co secret', '_filter', 'not-supported'],
    ['Patient?_filter=birthdate eq secret', '_filter', 'invalid'],
    ['Patient?family:equals=secret', 'family:equals', 'not-supported'],
    ['Patient?_elements=secret', '_elements', 'invalid'],
    ['Patient?_text="secret"', '_text', 'not-supported'],
    ['Patient?_content=secret*', '_content', 'not-supported'],
    ['Patient?_query=secret', '_query', 'not-supported'],
    ['Patient?_summary=secret', '_summary', 'invalid'],
    ['Patient?_elements=Secret!', '_elements', 'invalid'],
    ['Patient?_elements=name&_summary=true', '_summary', 'invalid'],
    ['Patient?_contained=both&_has:Observation:subject:code=secret', '_has:Observation:subject:code', 'not-supported'],
    ['Patient?_contained=true&_list=secret', '_list', 'not-supported'],
    ['Patient?_contained=true&_include=*', '_include', 'not-supported'],
    ['Patient?_revinclude=*&_contained=both', '_revinclude', 'not-supported'],
    ['Patient?_contained=both&_elements=name', '_elements', 'not-supported'],
    ['Patient?_contained=true&_contained=true', '_contained', 'invalid'],
    ['Patient?_sort=general-practitioner', '_sort', 'not-supported'],
    ['Patient?_sort=name,-name', '_sort', 'invalid'],
    ['Patient?_sort=identifier', '_sort', 'not-supported'],
    ['Patient?_sort=-telecom', '_sort', 'not-supported'],
    ['Patient?_type=Observation', '_type', 'invalid'],
    ['Patient?_type=Patient&_type=Patient', '_type', 'invalid'],
    ['Patient?_summary=text&_include=Patient:organization', '_summary', 'invalid'],
    ['Patient?_revinclude=Observation:subject&_summary=text', '_summary', 'invalid'],
    ['Observation?code-value-quantity:missing=true', 'code-value-quantity:missing', 'not-supported'],
    ['Patient?_has:AuditEvent:entity:action=R', '_has:AuditEvent:entity:action', 'not-supported'],
    ['Provenance?target:AuditEvent.action=R', 'target:AuditEvent.action', 'not-supported'],
    ['Patient?_revinclude=AuditEvent:patient', '_revinclude', 'not-supported'],
    ['Patient?_include:iterate=AuditEvent:entity', '_include:iterate', 'not-supported'],
    ['Provenance?_include=Provenance:target:AuditEvent', '_include', 'not-supported'],
    ['Patient?_filter=family ne secret', '_filter', 'not-supported'],
    ['Patient?_contained=secret', '_contained', 'invalid'],
    ['Patient?_containedType=secret', '_containedType', 'invalid'],
    ['Patient?_sort=secret', '_sort', 'not-supported'],
    ['Patient?_sort=_lastUpdated,secret', '_sort', 'not-supported'],
    ['Patient?_count:exact=5', '_count:exact', 'not-supported'],
    ['Patient?_include=secret', '_include', 'invalid'],
    ['Patient?_include=Patient:secret', '_include', 'invalid'],
    ['Patient?_include=Patient:name', '_include', 'invalid'],
    ['Patient?_include=Observation:subject', '_include', 'invalid'],
    ['Patient?_include=Patient:organization:Secret', '_include', 'invalid'],
    ['Patient?_include=Patient:organization:Organization:x', '_include', 'invalid'],
    ['Patient?_revinclude=Encounter:location', '_revinclude', 'invalid'],
    ['Patient?_revinclude=Observation:subject:Group', '_revinclude', 'invalid'],
    ['Patient?_count=-1', '_count', 'invalid'],
    ['Patient?_count=secret', '_count', 'invalid'],
    ['Patient?_count=', '_count', 'invalid'],
    ['Patient?_count=1&_count=2', '_count', 'invalid'],
    ['Patient?_sort=_lastUpdated&_sort=-_lastUpdated', '_sort', 'invalid'],
    ['Patient?_cursor=a&_cursor=b', '_cursor', 'invalid'],
    ['Patient?_total=secret', '_total', 'invalid'],
    ['Patient?family=', 'family', 'invalid'],
    ['Patient?family=a,', 'family', 'invalid'],
    ['Patient?family=a,,b', 'family', 'invalid'],
    ['Patient?family=%20', 'family', 'invalid'],
    ['Patient?family=%CC%81', 'family', 'invalid'],
    ['Patient?family=secret%00', 'family', 'invalid'],
    [`Patient?family=${longest}v`, 'family', 'invalid'],
    [`Patient?gender=${'a,'.repeat(500)}a`, 'gender', 'invalid'],
    ['Patient?gender=a|secret|c', 'gender', 'invalid'],
    ['Patient?gender=|', 'gender', 'invalid'],
    ['Patient?birthdate=secret', 'birthdate', 'invalid'],
    ['Patient?birthdate=xx2020', 'birthdate', 'invalid'],
    ['Patient?birthdate=2020-02-30', 'birthdate', 'invalid'],
    ['Patient?birthdate=eqeq2020', 'birthdate', 'invalid'],
    ['Patient?birthdate=ge', 'birthdate', 'invalid'],
    ['Patient?_lastUpdated=secret', '_lastUpdated', 'invalid'],
    ['RiskAssessment?probability=secret', 'probability', 'invalid'],
    ['RiskAssessment?probability=>5', 'probability', 'invalid'],
    ['Observation?value-quantity=secret', 'value-quantity', 'invalid'],
    ['Observation?value-quantity=5|mg', 'value-quantity', 'invalid'],
    ['Observation?value-quantity=5|s|', 'value-quantity', 'invalid'],
    ['Observation?value-quantity=5|s|mg|x', 'value-quantity', 'invalid'],
    ['Observation?value-quantity=|s|mg', 'value-quantity', 'invalid'],
    ['Observation?subject=not an id', 'subject', 'invalid'],
    ['Observation?subject:Patient=Group/secret', 'subject:Patient', 'invalid'],
    ['DiagnosticReport?assessed-condition=1', 'assessed-condition', 'invalid'],
  ])('%s', (text, name, code) => {
    const { status, issues } = refusalOf(text);
    expect(status).toBe(400);
    expect(issues).toEqual([
      { severity: 'error', code, diagnostics: expect.any(String), expression: [`http.${name}`] },
    ]);
    expect(issues[0]?.diagnostics).not.toContain('secret');
  });

  test('of a name that is too long for any', () => {
    expect(refusalOf(`Patient?${'n'.repeat(100_000)}=1`).issues[0]?.diagnostics.length).toBeLessThan(200);
  });

  test('of too many parameters', () => {
    const parameters = Array.from({ length: 201 }, () => ['given', 'a'] as const);
    expect(refusalOf('Patient', { parameters }).status).toBe(400);
  });

  test('of too many alternatives in all', () => {
    const parameters = Array.from({ length: 3 }, () => ['birthdate', '2020,'.repeat(399) + '2020'] as const);
    expect(refusalOf('Patient', { parameters }).status).toBe(400);
    expect(parse('Patient', { parameters: parameters.slice(1) }).criteria).toHaveLength(2);
  });

  test('not of what is just within the limits', () => {
    expect(parse(`Patient?family=${longest}&gender=${'a,'.repeat(499)}a`).criteria).toHaveLength(2);
    expect(parse('Patient', { parameters: Array.from({ length: 200 }, () => ['given', 'a']) }).criteria).toHaveLength(
      200,
    );
  });
});

test('a chain that does not look into contained resources all the way says so', () => {
  const warned = (text: string) => parse(text).warnings.map(({ expression }) => expression?.[0]);
  expect(warned('Observation?patient.organization.partof.name=a')).toEqual([]);
  const long = 'patient.organization.partof.partof.name';
  expect(warned(`Observation?${long}=a`)).toEqual([`http.${long}`]);
  // through any type: too many ways for three links
  expect(warned('Provenance?target.patient.general-practitioner.name=a')).toEqual([
    'http.target.patient.general-practitioner.name',
  ]);
  expect(warned('Patient?_filter=not (organization.partof.partof.partof.name eq a)')).toEqual(['http._filter']);
});

describe('lenient handling', () => {
  const lenient = { handling: 'lenient' } as const;

  test('ignores what is unknown, tells it once, and leaves it out of the self link', () => {
    const query = parse('Patient?unheard=1&family=a&unheard=2&other:exact=&_cursor=c', lenient);
    expect(query.warnings.map(({ diagnostics }) => diagnostics)).toEqual([
      'The parameter unheard was ignored',
      'The parameter other:exact was ignored',
    ]);
    expect(query.criteria).toHaveLength(1);
    expect(selfLink(query)).toBe('family=a');
  });

  test.each([
    'Patient?family:of-type=a',
    'Patient?family=',
    'Patient?_has:Observation:subject:unheard=a',
    'Patient?_text=a*',
  ])('still refuses %s', (text) => {
    expect(refusalOf(text, lenient).status).toBe(400);
  });
});

describe('selfLink', () => {
  test.each([
    ['Patient?', ''],
    ['Patient?_count=2000&family=a%26b%2Cc&_cursor=x', '_count=1000&family=a%26b%2Cc'],
    ['Observation?date=ge2020-01-01T10:00:00%2B01:00', 'date=ge2020-01-01T10%3A00%3A00%2B01%3A00'],
    ['Observation?_include=Observation:subject&_format=json', '_include=Observation%3Asubject&_format=json'],
  ])('of %s is %p', (text, link) => {
    expect(selfLink(parse(text))).toBe(link);
  });

  test('asks for the same again', () => {
    const query = parse('Observation?code=s%7Cc,d&date=ge2020-01-01T10:00:00+01:00&_count=5&_sort=-_lastUpdated');
    expect(parse(`Observation?${selfLink(query)}`)).toEqual(query);
  });
});
