/** What is in the database before measuring, as far as workloads need to know. */
import type { PersonFacts } from './records/patient.ts';

export interface SeededPatient extends PersonFacts {
  readonly id: string;
  readonly encounterId: string;
}

export interface SeededObservation {
  readonly id: string;
  readonly patientId: string;
  readonly encounterId: string;
}

export interface SeededData {
  readonly patients: readonly SeededPatient[];
  /** Some of the observations: those that `update` changes. */
  readonly observations: readonly SeededObservation[];
}
