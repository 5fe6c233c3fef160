/** Vital signs as Synthea makes them, some 0.8 KB. https://hl7.org/fhir/R4/observation-vitalsigns.html */
import { concept, hl7Concept, type VitalSign } from './codes.ts';
import type { Random } from './random.ts';

/** References to what a record belongs to, `Patient/1` or `urn:uuid:…`. */
export interface Belonging {
  readonly patient: string;
  readonly encounter: string;
}

/** A moment of the years 2000 to 2024, to the second, so that records differ. */
export function randomInstant(random: Random): string {
  const start = Date.UTC(2000, 0, 1);
  const seconds = random.below((Date.UTC(2025, 0, 1) - start) / 1_000);
  return new Date(start + seconds * 1_000).toISOString();
}

/** A fresh value and time at each call: no two are alike. */
export function makeVitalSign(sign: VitalSign, { patient, encounter }: Belonging, random: Random): object {
  const time = randomInstant(random);
  const value = Number((sign.low + random.fraction() * (sign.high - sign.low)).toFixed(3));
  return {
    resourceType: 'Observation',
    meta: { profile: ['http://hl7.org/fhir/StructureDefinition/vitalsigns'] },
    status: 'final',
    category: [hl7Concept('observation-category', 'vital-signs')],
    code: concept(sign),
    subject: { reference: patient },
    encounter: { reference: encounter },
    effectiveDateTime: time,
    issued: time,
    valueQuantity: { value, unit: sign.unit, system: 'http://unitsofmeasure.org', code: sign.unitCode },
    interpretation: [hl7Concept('v3-ObservationInterpretation', 'N')],
    referenceRange: [
      {
        low: { value: sign.low, unit: sign.unit, system: 'http://unitsofmeasure.org', code: sign.unitCode },
        high: { value: sign.high, unit: sign.unit, system: 'http://unitsofmeasure.org', code: sign.unitCode },
      },
    ],
  };
}
