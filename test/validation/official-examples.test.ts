/** HL7's own examples of R4 are valid, but for those listed here. https://hl7.org/fhir/R4/downloads.html */
import { describe, expect, test } from '@jest/globals';
import { bundledValidator } from '../support/validator.ts';
import { brokenExamples } from '../support/broken-examples.ts';
import { exampleNames, readExample } from './official.ts';

describe('the official examples', () => {
  test('are all here', () => {
    expect(exampleNames).toHaveLength(5306);
  });

  test('are valid, but for the broken ones', () => {
    const validate = bundledValidator();
    const refused = exampleNames.filter((name) => validate(readExample(name)).length > 0);
    expect(refused.sort()).toEqual(Object.keys(brokenExamples).sort());
  }, 60_000);
});
