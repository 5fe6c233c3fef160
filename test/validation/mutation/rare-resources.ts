/** Valid resources of the types that HL7 published no usable example of. https://hl7.org/fhir/R4/resourcelist.html */
import type { Resource } from '../../../src/fhir/resource.ts';

const text = { text: 'x' };
const identifier = { use: 'official', system: 'http://a.example/ids', value: '1', period: { start: '2020-01-01' } };
const source = { reference: 'DocumentReference/1' };
const amount = { amountQuantity: { value: 1 }, amountText: 'x', referenceRange: { lowLimit: { value: 1 } } };
const attachment = { contentType: 'text/plain', data: 'eA==', url: 'http://a.example/x', creation: '2020-01-01' };

export const rareResources = [
  { resourceType: 'Binary', id: 'x', contentType: 'text/plain', securityContext: source, data: 'eA==' },
  {
    resourceType: 'DeviceMetric',
    identifier: [identifier],
    type: text,
    unit: text,
    source: { reference: 'Device/1' },
    operationalStatus: 'on',
    color: 'black',
    category: 'measurement',
    measurementPeriod: { repeat: { frequency: 1, period: 1, periodUnit: 's' } },
    calibration: [{ type: 'offset', state: 'calibrated', time: '2020-01-01T00:00:00Z' }],
  },
  {
    resourceType: 'DeviceUseStatement',
    identifier: [identifier],
    status: 'active',
    subject: { reference: 'Patient/1' },
    timingPeriod: { start: '2020', end: '2021' },
    recordedOn: '2020-01-01T10:00:00Z',
    source: { reference: 'Patient/1' },
    device: { reference: 'Device/1' },
    reasonCode: [text],
    reasonReference: [{ reference: 'Condition/1' }],
    bodySite: text,
    note: [{ text: 'x', time: '2020' }],
  },
  {
    resourceType: 'EventDefinition',
    url: 'http://a.example/x',
    name: 'X',
    status: 'draft',
    subjectCodeableConcept: text,
    date: '2020-01-01',
    useContext: [{ code: { system: 'http://a.example', code: 'x' }, valueCodeableConcept: text }],
    approvalDate: '2020-01-01',
    effectivePeriod: { start: '2020' },
    relatedArtifact: [{ type: 'citation', citation: 'x' }],
    trigger: [{ type: 'named-event', name: 'x' }],
  },
  {
    resourceType: 'Parameters',
    parameter: [
      { name: 'x', valueString: 'x' },
      {
        name: 'y',
        part: [{ name: 'z', valueQuantity: { value: 1, system: 'http://unitsofmeasure.org', code: 'mg' } }],
      },
    ],
  },
  {
    resourceType: 'SubstanceNucleicAcid',
    sequenceType: text,
    numberOfSubunits: 1,
    areaOfHybridisation: 'x',
    oligoNucleotideType: text,
    subunit: [
      {
        subunit: 1,
        sequence: 'ACGT',
        length: 4,
        sequenceAttachment: attachment,
        fivePrime: text,
        linkage: [{ connectivity: 'x', identifier, name: 'x', residueSite: 'x' }],
        sugar: [{ identifier, name: 'x', residueSite: 'x' }],
      },
    ],
  },
  {
    resourceType: 'SubstancePolymer',
    class: text,
    geometry: text,
    copolymerConnectivity: [text],
    modification: ['x'],
    monomerSet: [{ ratioType: text, startingMaterial: [{ material: text, type: text, isDefining: true, amount }] }],
    repeat: [
      {
        numberOfUnits: 1,
        averageMolecularFormula: 'x',
        repeatUnitAmountType: text,
        repeatUnit: [
          {
            orientationOfPolymerisation: text,
            repeatUnit: 'x',
            amount,
            degreeOfPolymerisation: [{ degree: text, amount }],
            structuralRepresentation: [{ type: text, representation: 'x', attachment }],
          },
        ],
      },
    ],
  },
  {
    resourceType: 'SubstanceProtein',
    sequenceType: text,
    numberOfSubunits: 1,
    disulfideLinkage: ['x'],
    subunit: [
      {
        subunit: 1,
        sequence: 'MK',
        length: 2,
        sequenceAttachment: attachment,
        nTerminalModificationId: identifier,
        nTerminalModification: 'x',
      },
    ],
  },
  {
    resourceType: 'SubstanceReferenceInformation',
    comment: 'x',
    gene: [{ geneSequenceOrigin: text, gene: text, source: [source] }],
    geneElement: [{ type: text, element: identifier, source: [source] }],
    classification: [{ domain: text, classification: text, subtype: [text], source: [source] }],
    target: [
      { target: identifier, type: text, amountRange: { low: { value: 1 }, high: { value: 2 } }, source: [source] },
    ],
  },
  {
    resourceType: 'SubstanceSourceMaterial',
    sourceMaterialClass: text,
    organismId: identifier,
    organismName: 'x',
    parentSubstanceId: [identifier],
    countryOfOrigin: [text],
    fractionDescription: [{ fraction: 'x', materialType: text }],
    organism: {
      family: text,
      author: [{ authorType: text, authorDescription: 'x' }],
      hybrid: { maternalOrganismId: 'x', hybridType: text },
      organismGeneral: { kingdom: text },
    },
    partDescription: [{ part: text, partLocation: text }],
  },
] as readonly Resource[];
