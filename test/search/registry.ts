/** The search parameters of R4, for tests of what reads them. */
import { fileURLToPath } from 'node:url';
import { loadDefinitions } from '../../src/definitions/load-definitions.ts';
import { createSearchParameters } from '../../src/search/parameters.ts';

export const definitions = loadDefinitions(fileURLToPath(new URL('../../schemas/r4', import.meta.url)));
export const registry = createSearchParameters(definitions);
