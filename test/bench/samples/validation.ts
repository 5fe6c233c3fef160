/** Time to validate 10,000 Patients and 10,000 Observations. */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { spreadOf } from '../statistics.ts';
import type { Figure } from './figure.ts';
import { validationCount, type ValidationTimes } from './validation-times.ts';

const aims = { Patient: 250, Observation: 300 } as const;
type MeasuredType = keyof typeof aims;

async function measureOnce(directory: string, type: MeasuredType): Promise<ValidationTimes> {
  const child = fork(fileURLToPath(new URL('validation-process.mjs', import.meta.url)), [directory, type], {
    execArgv: [],
  });
  const failed = once(child, 'exit').then((): never => {
    throw new Error(`Validating ${type} failed`);
  });
  // when the answer wins, the end of the process is no failure
  failed.catch(() => undefined);
  const [times] = (await Promise.race([once(child, 'message'), failed])) as [ValidationTimes];
  return times;
}

async function measureType(directory: string, type: MeasuredType, rounds: number): Promise<readonly Figure[]> {
  const all: ValidationTimes[] = [];
  for (let round = 0; round < rounds; round += 1) all.push(await measureOnce(directory, type));
  const figure = (name: string, unit: Figure['unit'], pick: (times: ValidationTimes) => number): Figure => ({
    name,
    unit,
    value: spreadOf(all.map(pick)),
  });
  return [
    figure(`very first ${type}, with making its checks`, 'ms', ({ first }) => first),
    { ...figure(`first 10,000 ${type}s validated`, 'ms', ({ validateFirst }) => validateFirst), aim: aims[type] },
    figure(`next 10,000 ${type}s validated`, 'ms', ({ validateNext }) => validateNext),
    figure(`10,000 ${type}s validated, warm`, 'ms', ({ validateWarm }) => validateWarm),
    figure(`each of these ${type}s`, 'µs', ({ validateWarm }) => (validateWarm * 1_000) / validationCount),
    figure(`${type} with warnings`, 'µs', ({ withWarnings }) => withWarnings),
    figure(`${type} by @medplum/core`, 'µs', ({ byMedplum }) => byMedplum),
    figure(`${type}, rules at its root by fhirpath.js`, 'µs', ({ byFhirpath }) => byFhirpath),
    figure(
      `${type}s while @medplum/core validates one`,
      'times',
      ({ byMedplum, validateWarm }) => (byMedplum * validationCount) / (validateWarm * 1_000),
    ),
    figure(`10,000 ${type}s parsed and validated`, 'ms', ({ parseAndValidate }) => parseAndValidate),
    ...(type === 'Patient'
      ? [{ ...figure('Patient against US Core 5.0.1', 'µs', ({ byUsCore }) => byUsCore), aim: 150 }]
      : []),
    figure(`official examples of ${type} used`, 'count', ({ examples, invalid }) => examples - invalid),
    figure(`official examples of ${type} refused`, 'count', ({ invalid }) => invalid),
  ];
}

/** Each round in a process of its own. */
export async function measureValidation(directory: string, rounds: number): Promise<readonly Figure[]> {
  return [
    ...(await measureType(directory, 'Patient', rounds)),
    ...(await measureType(directory, 'Observation', rounds)),
  ];
}
