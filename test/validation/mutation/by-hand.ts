/** Resources that break one rule of R4 each, where changing an example does not. */

type Json = Record<string, unknown>;

const coded = (system: string, code: string): Json => ({
  coding: [{ system: `http://terminology.hl7.org/CodeSystem/${system}`, code }],
});
const patient = { reference: 'Patient/1' };
const text = { text: 'x' };
const quantity = (value: number): Json => ({ value, system: 'http://unitsofmeasure.org', code: 'mg' });

const structure = (more: Json): Json => ({
  resourceType: 'StructureDefinition',
  url: 'http://a.example/x',
  name: 'X',
  status: 'draft',
  kind: 'resource',
  abstract: false,
  type: 'Patient',
  baseDefinition: 'http://hl7.org/fhir/StructureDefinition/Patient',
  derivation: 'constraint',
  ...more,
});
const differential = (...element: Json[]): Json => ({ differential: { element } });
const root = { id: 'Patient', path: 'Patient' };
const name = { id: 'Patient.name', path: 'Patient.name' };
const whole = (element: Json): Json => ({
  ...element,
  definition: 'x',
  min: 0,
  max: '*',
  base: { path: element['path'], min: 0, max: '*' },
});
const snapshot = (...element: Json[]): Json => ({ snapshot: { element: element.map(whole) } });

const questionnaire = (item: Json): Json => ({
  resourceType: 'Questionnaire',
  status: 'draft',
  item: [{ linkId: '1', ...item }],
});
const enableWhen = { question: '1', operator: 'exists', answerBoolean: true };

const testScript = (more: Json): Json => ({
  resourceType: 'TestScript',
  url: 'http://a.example/x',
  name: 'X',
  status: 'draft',
  ...more,
});
const operation = { type: { code: 'read' }, encodeRequestUrl: true };
const testOf = (action: Json): Json => testScript({ test: [{ action: [action] }] });

const extended = (value: Json): Json => ({
  resourceType: 'Patient',
  extension: [{ url: 'http://a.example/x', ...value }],
});

const terminology = { resourceType: 'TerminologyCapabilities', status: 'draft', date: '2020', kind: 'instance' };

const guide = (definition: Json): Json => ({
  resourceType: 'ImplementationGuide',
  url: 'http://a.example/x',
  name: 'X',
  status: 'draft',
  packageId: 'a.example',
  fhirVersion: ['4.0.1'],
  definition,
});

const ofHl7 = (element: Json): Json => ({
  ...structure(differential(root, element)),
  url: 'http://hl7.org/fhir/StructureDefinition/x',
});

/** R4 calls the code system of these rules `something`. */
const consent = (code: string): Json => ({
  resourceType: 'Consent',
  status: 'draft',
  scope: { coding: [{ system: 'something', code }] },
  category: [text],
  policyRule: text,
});

export const brokenByHand: readonly (readonly [key: string, resource: Json])[] = [
  [
    'ait-2',
    {
      resourceType: 'AllergyIntolerance',
      patient,
      verificationStatus: coded('allergyintolerance-verification', 'entered-in-error'),
      clinicalStatus: coded('allergyintolerance-clinical', 'active'),
    },
  ],
  [
    'bdl-2',
    {
      resourceType: 'Bundle',
      type: 'collection',
      entry: [{ resource: { resourceType: 'Patient' }, search: { mode: 'match' } }],
    },
  ],
  [
    'con-5',
    {
      resourceType: 'Condition',
      subject: patient,
      verificationStatus: coded('condition-ver-status', 'entered-in-error'),
      clinicalStatus: coded('condition-clinical', 'active'),
    },
  ],
  ['lst-2', { resourceType: 'List', status: 'current', mode: 'working', entry: [{ item: patient, deleted: true }] }],
  ['lst-3', { resourceType: 'List', status: 'current', mode: 'snapshot', entry: [{ item: patient, date: '2020' }] }],
  [
    'obs-7',
    {
      resourceType: 'Observation',
      status: 'final',
      code: { coding: [{ system: 'http://loinc.org', code: '1' }] },
      valueString: 'x',
      component: [{ code: { coding: [{ system: 'http://loinc.org', code: '1' }] } }],
    },
  ],
  [
    'que-12',
    questionnaire({
      type: 'group',
      item: [{ linkId: '2', type: 'string', enableWhen: [enableWhen, enableWhen, enableWhen] }],
    }),
  ],
  ['que-13', questionnaire({ type: 'string', repeats: false, initial: [{ valueString: 'a' }, { valueString: 'b' }] })],
  [
    'rng-2',
    { resourceType: 'Observation', status: 'final', code: text, valueRange: { low: quantity(2), high: quantity(1) } },
  ],
  [
    'sqty-1',
    { resourceType: 'Observation', status: 'final', code: text, valueRange: { low: { value: 1, comparator: '<' } } },
  ],
  [
    'sqty-1',
    {
      resourceType: 'MedicationStatement',
      status: 'active',
      medicationCodeableConcept: text,
      subject: patient,
      dosage: [{ doseAndRate: [{ doseQuantity: { value: 1, comparator: '<' } }] }],
    },
  ],
  ['org-2', { resourceType: 'Organization', name: 'x', address: [{ use: 'home', text: 'x' }] }],
  ['org-3', { resourceType: 'Organization', name: 'x', telecom: [{ use: 'home', system: 'phone', value: '1' }] }],
  [
    'ras-1',
    {
      resourceType: 'RiskAssessment',
      status: 'final',
      subject: patient,
      prediction: [{ probabilityRange: { low: quantity(1), high: quantity(2) } }],
    },
  ],
  ['eld-8', structure(differential(root, { ...name, fixedString: 'x', patternString: 'x' }))],
  ['eld-12', structure(differential(root, { ...name, binding: { strength: 'required', valueSet: 'a.example/x' } }))],
  ['eld-16', structure(differential(root, { ...name, sliceName: 'a b' }))],
  ['eld-19', structure(differential(root, { ...name, path: 'Patient.na me' }))],
  ['sdf-1', structure({ ...snapshot(root, name, { ...name, id: 'Patient.name2' }), derivation: 'specialization' })],
  ['sdf-14', structure(differential(root, { path: 'Patient.name' }))],
  ['sdf-15', structure(snapshot({ ...root, type: [{ code: 'Patient' }] }))],
  ['sdf-15a', structure(differential({ ...root, type: [{ code: 'Patient' }] }))],
  ['sdf-17', structure(differential(root, name, name))],
  ['sdf-18', structure({ ...differential(root), contextInvariant: ['true'] })],
  ['sdf-20', structure(differential({ ...root, slicing: { rules: 'open', description: 'x' } }))],
  ['sdf-21', structure(differential(root, { ...name, defaultValueString: 'x' }))],
  ['sdf-23', structure(differential({ ...root, sliceName: 'x' }))],
  ['sdf-9', structure(differential({ ...root, label: 'x' }))],
  [
    'md-1',
    {
      resourceType: 'MessageDefinition',
      status: 'draft',
      date: '2020',
      eventUri: 'http://a.example/x',
      focus: [{ code: 'Patient', min: 0, max: '0' }],
    },
  ],
  [
    'mrp-2',
    {
      resourceType: 'MeasureReport',
      status: 'complete',
      type: 'summary',
      measure: 'http://a.example/x',
      period: { start: '2020' },
      group: [{ stratifier: [{ stratum: [{ value: text, component: [{ code: text, value: text }] }] }] }],
    },
  ],
  [
    'mea-1',
    {
      resourceType: 'Measure',
      status: 'draft',
      group: [
        { stratifier: [{ description: 'x', component: [{ criteria: { language: 'text/cql', expression: 'x' } }] }] },
      ],
    },
  ],
  [
    'inv-1',
    {
      resourceType: 'Parameters',
      parameter: [{ name: 'x', valueString: 'x', part: [{ name: 'y', valueString: 'y' }] }],
    },
  ],
  [
    'inv-1',
    { resourceType: 'Task', status: 'draft', intent: 'order', authoredOn: '2020-02-01', lastModified: '2020-01-01' },
  ],
  [
    'inv-1',
    {
      resourceType: 'TestReport',
      status: 'completed',
      testScript: patient,
      result: 'pass',
      setup: { action: [{ operation: { result: 'pass' }, assert: { result: 'pass' } }] },
    },
  ],
  ['tst-6', testOf({ assert: { response: 'okay', responseCode: '200', warningOnly: false } })],
  ['tst-8', testOf({ operation })],
  ['tst-9', testScript({ teardown: { action: [{ operation }] } })],
  ['tst-11', testOf({ assert: { compareToSourceId: 'x', warningOnly: false } })],
  ['tst-13', testOf({ assert: { direction: 'request', responseCode: '200', warningOnly: false } })],
  ['cnt-3', extended({ valueCount: { value: 1.5, system: 'http://unitsofmeasure.org', code: '1' } })],
  ['dis-1', extended({ valueDistance: { value: 1 } })],
  ['drq-2', extended({ valueDataRequirement: { type: 'Patient', dateFilter: [{ path: 'a', searchParam: 'b' }] } })],
  ['eld-3', structure(differential(root, { ...name, max: '-1' }))],
  ['tcp-1', { ...terminology, codeSystem: [{ version: [{ isDefault: true }, { isDefault: false }] }] }],
  ['tcp-2', terminology],
  [
    'ctm-1',
    {
      resourceType: 'CareTeam',
      contained: [{ resourceType: 'Organization', id: 'x', name: 'x' }],
      participant: [{ member: { reference: '#x' }, onBehalfOf: { reference: 'Organization/1' } }],
    },
  ],
  ['ig-1', guide({ grouping: [{ id: 'a', name: 'x' }], resource: [{ reference: patient, groupingId: 'b' }] })],
  ['ig-2', guide({ resource: [{ reference: patient, fhirVersion: ['3.0.1'] }] })],
  ['sdf-16', structure(snapshot(root, name, name))],
  ['sdf-19', ofHl7({ ...name, type: [{ code: 'a.b' }] })],
  ['sdf-22', ofHl7({ ...name, defaultValueString: 'x' })],
  ['ppc-2', consent('patient-privacy')],
  ['ppc-3', consent('research')],
  ['ppc-4', consent('adr')],
  ['ppc-5', consent('treatment')],
];
