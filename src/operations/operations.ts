/** Every operation of this server. https://hl7.org/fhir/R4/operations.html */
import { expand } from './expand.ts';
import { everythingOfEncounter, everythingOfPatient } from './everything.ts';
import { explain } from './explain.ts';
import { lastn } from './lastn.ts';
import { lookup } from './lookup.ts';
import type { Operation } from './operation.ts';
import { reindex } from './reindex.ts';
import { stats } from './stats.ts';
import { subsumes } from './subsumes.ts';
import { translate } from './translate.ts';
import { validate } from './validate.ts';
import { validateCodeInCodeSystem, validateCodeInValueSet } from './validate-code.ts';

export const operations: readonly Operation[] = [
  validate,
  lookup,
  subsumes,
  validateCodeInCodeSystem,
  validateCodeInValueSet,
  expand,
  translate,
  everythingOfPatient,
  everythingOfEncounter,
  lastn,
  stats,
  explain,
  reindex,
];
