/** Official examples of R4 that HL7 published broken, by file, each with the reason why it is refused. */
const noBase = 'base is required';
const emptyNarrative = 'the narrative shows nothing (txt-2)';

export const brokenExamples: Readonly<Record<string, string>> = {
  'ActivityDefinition-blood-tubes-supply.json': emptyNarrative,
  'ActivityDefinition-heart-valve-replacement.json': emptyNarrative,
  'EventDefinition-example.json': emptyNarrative,
  'Questionnaire-zika-virus-exposure-assessment.json': emptyNarrative,
  'Questionnaire-qs1.json': 'items without linkId',
  'Bundle-dataelements.json': 'a fullUrl stands twice (bdl-7)',
  'DeviceMetric-example.json': 'parent refers to a DeviceDefinition',
  'DeviceUseStatement-example.json': 'reasonReference refers to a Procedure',
  'MedicationRequest-medrx0301.json': 'dispenseRequest.performer refers to a Practitioner',
  'Observation-clinical-gender.json': 'performer refers to an Encounter',
  'StructureDefinition-Definition.json': 'not abstract and without a base (sdf-4)',
  'StructureDefinition-Event.json': 'not abstract and without a base (sdf-4)',
  'StructureDefinition-FiveWs.json': 'not abstract and without a base (sdf-4)',
  'StructureDefinition-Request.json': 'not abstract and without a base (sdf-4)',
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
