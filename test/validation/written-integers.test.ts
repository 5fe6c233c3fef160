import { describe, expect, test } from '@jest/globals';
import { loadDefinitions } from '../../src/definitions/load-definitions.ts';
import { writtenIntegerIssues } from '../../src/validation/written-integers.ts';

const { elements } = loadDefinitions('schemas/r4');

const cases: readonly (readonly [what: string, text: string, expressions: readonly string[]])[] = [
  ['integers', '{"resourceType":"Patient","multipleBirthInteger":2}', []],
  ['an integer with a fraction', '{"resourceType":"Patient","multipleBirthInteger":2.0}', ['Patient.multipleBirth']],
  ['an integer with an exponent', '{"resourceType":"Patient","multipleBirthInteger":2e0 }', ['Patient.multipleBirth']],
  ['a decimal with a fraction', '{"resourceType":"Observation","valueQuantity":{"value":2.0}}', []],
  [
    'text that looks like one',
    '{"resourceType":"Patient","id":"2.0","multipleBirthInteger":2,"name":[{"text":"2.0,"}]}',
    [],
  ],
  ['one deep in a list', '{"resourceType":"Patient","photo":[{"size":1},{"size":1.0}]}', ['Patient.photo[1].size']],
  [
    'one in an entry of a Bundle',
    '{"resourceType":"Bundle","entry":[{"resource":{"resourceType":"Patient","multipleBirthInteger":1.0}}]}',
    ['Bundle.entry[0].resource.multipleBirth'],
  ],
  [
    'one in an extension',
    '{"resourceType":"Patient","extension":[{"url":"a:b","valueInteger":1.0}]}',
    ['Patient.extension[0].value'],
  ],
  [
    'one in an extension of a primitive',
    '{"resourceType":"Patient","_birthDate":{"extension":[{"url":"a:b","valuePositiveInt":1.0}]}}',
    ['Patient.birthDate.extension[0].value'],
  ],
  [
    'one in an extension of a primitive in a list',
    '{"resourceType":"Patient","name":[{"_given":[{"extension":[{"url":"a:b","valueInteger":1e2}]}]}]}',
    ['Patient.name[0].given[0].extension[0].value'],
  ],
];

describe('writtenIntegerIssues', () => {
  test.each(cases)('of %s', (_what, text, expressions) => {
    const issues = writtenIntegerIssues(text, JSON.parse(text) as Record<string, unknown>, elements);
    expect(issues.flatMap(({ expression }) => expression)).toEqual(expressions);
  });
});
