/** HL7's own examples of R4 are valid, but for those listed here. https://hl7.org/fhir/R4/downloads.html */
import { describe, expect, test } from '@jest/globals';
import { createValidator } from '../../src/validation/validate.ts';
import { definitions, exampleNames, readExample } from './official.ts';

const noBase = 'base is required';
const emptyNarrative = 'the narrative shows nothing (txt-2)';

/** Published as they are by HL7, and rightly refused. */
const broken: Readonly<Record<string, string>> = {
  'ActivityDefinition-blood-tubes-supply.json': emptyNarrative,
  'ActivityDefinition-heart-valve-replacement.json': emptyNarrative,
  'EventDefinition-example.json': emptyNarrative,
  'Questionnaire-zika-virus-exposure-assessment.json': emptyNarrative,
  'Questionnaire-qs1.json': 'items without linkId',
  'ImplementationGuide-fhir.json': 'name and status are required',
  'ig-r4.json': 'name and status are required',
  'SearchParameter-codesystem-extensions-CodeSystem-author.json': noBase,
  'SearchParameter-codesystem-extensions-CodeSystem-effective.json': noBase,
  'SearchParameter-codesystem-extensions-CodeSystem-end.json': noBase,
  'SearchParameter-codesystem-extensions-CodeSystem-keyword.json': noBase,
  'SearchParameter-codesystem-extensions-CodeSystem-workflow.json': noBase,
  'SearchParameter-questionnaireresponse-extensions-QuestionnaireResponse-item-subject.json':
    'the id has more than 64 characters',
  'SearchParameter-valueset-extensions-ValueSet-author.json': noBase,
  'SearchParameter-valueset-extensions-ValueSet-effective.json': noBase,
  'SearchParameter-valueset-extensions-ValueSet-end.json': noBase,
  'SearchParameter-valueset-extensions-ValueSet-keyword.json': noBase,
  'SearchParameter-valueset-extensions-ValueSet-workflow.json': noBase,
};

describe('the official examples', () => {
  test('are all here', () => {
    expect(exampleNames).toHaveLength(5306);
  });

  test('are valid, but for the broken ones', () => {
    const validate = createValidator(definitions);
    const refused = exampleNames.filter((name) => validate(readExample(name)).length > 0);
    expect(refused.sort()).toEqual(Object.keys(broken).sort());
  }, 60_000);
});
