/** The JSON Schemas that resources are validated with, for whoever writes a client. They hold no patient data, so anybody may read them. https://json-schema.org/draft/2020-12 */
import type { Express } from 'express';
import type { Definitions } from '../fhir/definitions.ts';
import { notFound } from '../fhir/fhir-error.ts';
import { schemaDocument } from '../validation/schema-document.ts';
import { factsOf } from './middleware/request-facts.ts';

/** They change with a release of the server only. */
const anHour = 'public, max-age=3600';

/** Adds `/schemas`, the list of types, and `/schemas/{type}`, the whole schema of one. */
export function addSchemas(app: Express, definitions: Definitions): void {
  app.get('/schemas', (_request, response) => {
    factsOf(response).route = '/schemas';
    const schemas = [...definitions.resourceTypes.keys()].map((type) => ({ type, path: `/schemas/${type}` }));
    response.set('Cache-Control', anHour).json({ schemas });
  });
  app.get('/schemas/:type', (request, response, next) => {
    factsOf(response).route = '/schemas/:type';
    const document = schemaDocument(request.params.type, definitions);
    if (!document) return next(notFound('R4 has no such resource type'));
    return response.set('Cache-Control', anHour).type('application/schema+json').send(JSON.stringify(document));
  });
}
