/** The kinds of search whose cost must not follow the size of the store. */
import type { ReferenceParameter } from '../../../src/search/compile-includes.ts';

export interface ScaleSearch {
  readonly name: string;
  readonly type: string;
  readonly query: string;
  readonly revinclude?: ReferenceParameter;
}

const loinc = (code: string): string => `http://loinc.org|${code}${'A'.repeat(36 - code.length)}`;
const frequent = loinc('1271');
const usual = loinc('1111');
const rare = loinc('5089');
const patient = '879c534d-c512-35c0-58c2-98730ba5f171-3';
const manyCodes = [
  '1271',
  '1088',
  '1111',
  '1250',
  '1270',
  '159800',
  '5085',
  '159911',
  '1268',
  '1255',
  '1265',
  '1261',
  '856',
  '1040',
  '5096',
  '5090',
  '9991',
  '9992',
  '9993',
  '9994',
];

const rareHas = `_has:Observation:patient:code=${rare}`;

/** What many patients without a record beside the others could make dearer. */
export function searchesAmongMany(): readonly ScaleSearch[] {
  const someone = (name: string, query: string): ScaleSearch => ({ name, type: 'Patient', query });
  return [
    someone('gender, exact total, of many', 'gender=male&_total=accurate&_count=20'),
    someone('name, of many', 'name=bland&_count=20'),
    someone('a letter, of many', 'name=b&_count=20'),
    someone('birth date, of many', 'birthdate=1999&_count=20'),
    someone('reverse chain to a rare code, of many', `${rareHas}&_count=20`),
    someone('reverse chain to a rare code, and gender, of many', `${rareHas}&gender=male&_count=20`),
    { name: 'chain to a common gender, of many', type: 'Observation', query: 'patient.gender=male&_count=20' },
    { name: 'chain to a name, of many', type: 'Observation', query: 'patient.family=Blanda868&_count=20' },
    {
      name: 'chain to a name and a birth date, of many',
      type: 'Observation',
      query: 'patient.family=Blanda868&patient.birthdate=1999&_count=20',
    },
  ];
}

/** `clones` of every patient are in the store. */
export function searchesOf(clones: number): readonly ScaleSearch[] {
  const observation = (name: string, query: string): ScaleSearch => ({ name, type: 'Observation', query });
  const someone = (name: string, query: string): ScaleSearch => ({ name, type: 'Patient', query });
  return [
    observation('one code', `code=${frequent}&_count=20`),
    observation('one patient', `patient=${patient}&_count=20`),
    observation('patient and code', `patient=${patient}&code=${usual}&_count=20`),
    observation('patient and rare code', `patient=${patient}&code=${rare}&_count=20`),
    observation('patient, category, newest first', `patient=${patient}&category=survey&_sort=-date&_count=20`),
    observation('patient, rare category, newest first', `patient=${patient}&category=exam&_sort=-date&_count=20`),
    observation('code, newest first', `code=${usual}&_sort=-date&_count=20`),
    observation('dates within a month', 'date=ge2014-01-01&date=lt2014-02-01&_count=20'),
    observation('dates since a year', 'date=ge2016&_count=20'),
    observation('dates in the future: nothing', 'date=ge2090&_count=20'),
    observation('code within a month', `code=${usual}&date=ge2014-01-01&date=lt2014-02-01&_count=20`),
    observation(
      'code and status within a month',
      `code=${usual}&status=final&date=ge2014-01-01&date=lt2014-02-01&_count=20`,
    ),
    observation('rare and frequent', `status=final&code=${rare}&_count=20`),
    observation('frequent and nothing', `code=${frequent}&status=amended&_count=20`),
    observation('20 codes', `code=${manyCodes.map((code) => loinc(code)).join(',')}&_count=20`),
    observation('reference to an encounter', 'encounter=Encounter/none&_count=20'),
    observation('chain to a name and a birth date', `patient.family=Blanda868&patient.birthdate=1999&_count=20`),
    observation('chain to a common gender', 'patient.gender=male&_count=20'),
    observation('chain, common gender and code', `patient.gender=male&code=${usual}&_count=20`),
    someone('name', 'name=bland&_count=20'),
    someone('a letter', 'name=b&_count=20'),
    someone('gender, exact total', 'gender=male&_total=accurate&_count=20'),
    someone('reverse chain to a frequent code', `_has:Observation:patient:code=${frequent}&_count=20`),
    someone('reverse chain to a rare code', `${rareHas}&_count=20`),
    {
      ...someone('a patient with its observations', `_id=${patient}`),
      revinclude: { type: 'Observation', code: 'patient' },
    },
    observation('exact total of a code', `code=${frequent}&_count=0`),
    observation(`first page of all (${clones} clones)`, '_count=20'),
  ];
}
