/** Time to validate 10,000 Patients and 10,000 Observations. */
import path from 'node:path';
import { spreadOf } from '../statistics.ts';
import { makeWorkspace } from '../vesta-server.ts';
import { resultOf } from './child.ts';
import type { Figure } from './figure.ts';
import { makeLines, type MadeType, writeNdjson } from './made-resources.ts';
import { measureNdjson } from './ndjson.ts';
import { validationCount, type ValidationTimes } from './validation-times.ts';

const aims = { Patient: 250, Observation: 300 } as const;

/** Each round in a process of its own. */
async function timesOf(directory: string, type: MadeType, rounds: number): Promise<readonly ValidationTimes[]> {
  const workspace = makeWorkspace();
  try {
    const file = path.join(workspace.path, `${type}.ndjson`);
    writeNdjson(file, makeLines([type], validationCount), 1);
    const all: ValidationTimes[] = [];
    for (let round = 0; round < rounds; round += 1) {
      all.push(await resultOf<ValidationTimes>('validation-process.mjs', [directory, type, file]));
    }
    return all;
  } finally {
    workspace.remove();
  }
}

async function measureType(directory: string, type: MadeType, rounds: number): Promise<readonly Figure[]> {
  const all = await timesOf(directory, type, rounds);
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
    figure(`each of these ${type}s, CPU`, 'µs', ({ each }) => each),
    figure(`${type} with warnings`, 'µs', ({ withWarnings }) => withWarnings),
    figure(`${type} by @medplum/core`, 'µs', ({ byMedplum }) => byMedplum),
    figure(`${type}, rules at its root by fhirpath.js`, 'µs', ({ byFhirpath }) => byFhirpath),
    figure(`${type}s while @medplum/core validates one`, 'times', ({ byMedplum, each }) => byMedplum / each),
    figure(`made ${type}, no two alike`, 'µs', ({ made }) => made),
    figure(`made ${type} without its profile`, 'µs', ({ madeBare }) => madeBare),
    figure(`made ${type} by @medplum/core`, 'µs', ({ madeByMedplum }) => madeByMedplum),
    figure(`made ${type}, rules at its root by fhirpath.js`, 'µs', ({ madeByFhirpath }) => madeByFhirpath),
    figure(`made ${type}s while @medplum/core validates one`, 'times', (times) => times.madeByMedplum / times.made),
    figure(
      `made ${type}s without their profile while it does`,
      'times',
      (times) => times.madeByMedplum / times.madeBare,
    ),
    figure(`10,000 ${type}s parsed and validated`, 'ms', ({ parseAndValidate }) => parseAndValidate),
    ...(type === 'Patient'
      ? [{ ...figure('Patient against US Core 5.0.1', 'µs', ({ byUsCore }) => byUsCore), aim: 150 }]
      : []),
    figure(`official examples of ${type} used`, 'count', ({ examples, invalid }) => examples - invalid),
    figure(`official examples of ${type} refused`, 'count', ({ invalid }) => invalid),
  ];
}

/** Both types, and a stream of them. */
export async function measureValidation(directory: string, rounds: number): Promise<readonly Figure[]> {
  return [
    ...(await measureType(directory, 'Patient', rounds)),
    ...(await measureType(directory, 'Observation', rounds)),
    ...(await measureNdjson(directory, rounds)),
  ];
}
