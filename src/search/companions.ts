/** Rows beside those of the parameters themselves, for what is often asked together: patient and date, patient and code, code and date. See docs/adr/0011-search-plans.md. */
import type { ElementModel } from '../fhir/element-model.ts';
import type { SearchParameter } from '../fhir/search-parameter.ts';
import type { Hash } from '../ports.ts';
import { aspectKey, parameterKey, patientDateKey, patientsKey, tokenDateKey } from './keys.ts';
import type { SearchParameters } from './parameters.ts';
import { pathShape } from './path-shape.ts';
import type { RowCollector } from './row-collector.ts';

/** The codes of resources are kept under each patient, and under each code the date of this parameter, where there is one at most. */
export const companionCodes = { code: 'code', patient: 'patient', date: 'date' } as const;

/** True where a `subject` that is a Patient is what `patient` means: the one leads to the other's element. */
export function isPatientSubject(type: string, parameters: SearchParameters): boolean {
  const known = parameters.forType(type);
  const [subject = '', patient = ''] = ['subject', companionCodes.patient].map((code) => known.get(code)?.expression);
  const element = `${type}.subject`;
  const ways = patient.split('|').map((way) => way.trim());
  return subject === element && ways.includes(`${element}.where(resolve() is Patient)`);
}

type Dates = ReturnType<RowCollector['datesOf']>;

function addPatientRows(rows: RowCollector, target: string, dates: Dates, hash: Hash): void {
  for (const [key, low, high] of dates) rows.date(patientDateKey(hash, key, target), low, high);
  // reads as: under this code, this patient, this resource
  for (const code of rows.codes) rows.reference(patientsKey(hash, code), target);
}

/** Long dates once more, as under the parameter itself. */
function addCodeDates(rows: RowCollector, date: string, hash: Hash): void {
  for (const code of rows.codes) {
    const key = tokenDateKey(hash, date, code);
    for (const [, low, high] of rows.datesOf(date)) rows.date(key, low, high);
    for (const [, low, high] of rows.datesOf(aspectKey(hash, date, 'long'))) {
      rows.date(aspectKey(hash, key, 'long'), low, high);
    }
  }
}

interface CompanionOptions {
  readonly hash: Hash;
  readonly elements: ElementModel;
}

/** Many dates under each of many codes would be more rows than any body has bytes. */
const isOne = ({ expression }: SearchParameter, type: string, elements: ElementModel): boolean =>
  expression !== undefined && pathShape(expression, type, elements).isSingle;

/** What adds them, once all parameters of the type have given their rows. */
export function companionsOf(
  type: string,
  parameters: SearchParameters,
  { hash, elements }: CompanionOptions,
): (rows: RowCollector) => void {
  const known = parameters.forType(type);
  const keyOf = (code: string) => parameterKey(hash, type, code);
  const dates = [...known.values()].filter((one) => one.type === 'date' && one.code !== '_lastUpdated');
  const dateKeys = dates.map(({ code }) => keyOf(code));
  const patient = known.has(companionCodes.patient) ? keyOf(companionCodes.patient) : undefined;
  const hasOneDate = dates.some((one) => one.code === companionCodes.date && isOne(one, type, elements));
  const date = hasOneDate ? keyOf(companionCodes.date) : undefined;
  return (rows) => {
    // what is contained is found in its container alone
    const patients = patient === undefined ? [] : rows.targetsOf(patient).filter((target) => !target.startsWith('#'));
    if (date !== undefined) addCodeDates(rows, date, hash);
    if (patients.length === 0) return;
    const own = dateKeys.flatMap((key) => rows.datesOf(key));
    for (const target of patients) addPatientRows(rows, target, own, hash);
  };
}
