/** The element model of R4 as the tests of this room use it. */
import { readFileSync } from 'node:fs';
import { createElementModel, type ElementTable } from '../../src/fhir/element-model.ts';

const table = new URL('../../schemas/r4/elements.json', import.meta.url);

export const elements = createElementModel(JSON.parse(readFileSync(table, 'utf8')) as ElementTable);
