/** Which parameters of R4 make hierarchies: as R4's definitions say, and by the meaning of `partOf`. */
import { expect, test } from '@jest/globals';
import { leadsUp, wholeOf } from '../../src/search/hierarchies.ts';
import { definitions, registry } from './registry.ts';
import { scope } from './scope.ts';

const types = [...definitions.resourceTypes.keys()];

test('parameters that lead up', () => {
  const found = types.flatMap((type) =>
    [...registry.forType(type).values()]
      .filter((parameter) => parameter.type === 'reference' && leadsUp(type, parameter, scope))
      .map(({ code }) => `${type}?${code}`),
  );
  expect(found.toSorted()).toEqual([
    'CarePlan?based-on',
    'CarePlan?part-of',
    'CarePlan?replaces',
    'Encounter?part-of',
    'Location?partof',
    'MedicationStatement?part-of',
    'Organization?partof',
    'Procedure?part-of',
    'ResearchStudy?partof',
    'Task?part-of',
  ]);
});

test('types whose resources are part of each other', () => {
  const found = types.flatMap((type) => {
    const whole = wholeOf(type, scope);
    return whole ? [`${type}?${whole.code}`] : [];
  });
  expect(found.toSorted()).toEqual([
    'CarePlan?part-of',
    'Encounter?part-of',
    'Location?partof',
    'MedicationStatement?part-of',
    'Organization?partof',
    'Procedure?part-of',
    'ResearchStudy?partof',
    'Task?part-of',
  ]);
});
