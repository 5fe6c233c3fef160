/** The Express application: middleware in its order, health, the FHIR API, and the end of every error. */
import express, { type Express, type RequestHandler } from 'express';
import { notFound } from '../fhir/fhir-error.ts';
import type { AuditTrail, TokenVerifier } from '../ports.ts';
import type { Observe } from '../telemetry/observation.ts';
import { createErrorHandler } from './error-handler.ts';
import type { HandlingOptions } from './handle.ts';
import { createAuthenticate } from './middleware/authenticate.ts';
import { createGuardRequest } from './middleware/guard-request.ts';
import { createNegotiate } from './middleware/negotiate.ts';
import { createNoStore } from './middleware/no-store.ts';
import { createObserveRequests } from './middleware/observe-requests.ts';
import { createRateLimit } from './middleware/rate-limit.ts';
import { createRequestId } from './middleware/request-id.ts';
import { factsOf } from './middleware/request-facts.ts';
import { createSecurityHeaders } from './middleware/security-headers.ts';
import { createFhirRouter } from './router.ts';
import { addSchemas } from './schemas.ts';

export interface HttpOptions extends HandlingOptions {
  readonly audit: AuditTrail;
  readonly verifier: TokenVerifier;
  readonly observe: Observe;
  /** Requests a minute of one IP address and of one client. */
  readonly rateLimits: { readonly address: number | 'off'; readonly client: number | 'off' };
  /** Proxies whose X-Forwarded-For is believed, as Express understands `trust proxy`. */
  readonly trustProxy: string | false;
  /** Path of the API, such as `/fhir`. */
  readonly basePath: string;
  /** True when requests can be served. */
  isReady(): Promise<boolean>;
}

/** Alive as long as the process answers; ready when the database does too. */
function addHealth(app: Express, isReady: () => Promise<boolean>): void {
  app.get('/livez', (_request, response) => {
    factsOf(response).route = '/livez';
    response.type('text/plain').send('alive\n');
  });
  app.get('/readyz', async (_request, response) => {
    factsOf(response).route = '/readyz';
    const ready = await isReady();
    response
      .status(ready ? 200 : 503)
      .type('text/plain')
      .send(ready ? 'ready\n' : 'not ready\n');
  });
}

/** Builds the application. Middleware stands in the order in which it runs; each part says why it must. */
export function createHttpApp(options: HttpOptions): Express {
  const { audit, observe, verifier, rateLimits, services } = options;
  const app = express();
  app.disable('x-powered-by');
  app.disable('etag');
  app.set('trust proxy', options.trustProxy);
  app.set('query parser', false);

  app.use(createRequestId());
  app.use(createObserveRequests(observe));
  app.use(createSecurityHeaders());
  app.use(createGuardRequest());
  addHealth(app, options.isReady);
  app.use(createNoStore());
  app.use(createRateLimit({ limit: rateLimits.address, by: 'address' }));
  addSchemas(app, services.definitions);
  app.use(createNegotiate());

  const guards: RequestHandler[] = [
    createAuthenticate(verifier),
    createRateLimit({ limit: rateLimits.client, by: 'client' }),
  ];
  app.use(options.basePath, createFhirRouter({ ...options, guards }));
  app.use((_request, _response, next) => next(notFound('There is nothing at this URL')));
  app.use(
    createErrorHandler({ audit, observe, now: services.now, routes: services.routes, basePath: options.basePath }),
  );
  return app;
}
