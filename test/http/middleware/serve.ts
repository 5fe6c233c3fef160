/** A small app around the middleware under test; errors are told as they are. */
import { createServer, type RequestListener } from 'node:http';
import express, { type ErrorRequestHandler, type RequestHandler } from 'express';
import { FhirError } from '../../../src/fhir/fhir-error.ts';
import { createRequestId } from '../../../src/http/middleware/request-id.ts';
import { factsOf } from '../../../src/http/middleware/request-facts.ts';

const tell: ErrorRequestHandler = (error: unknown, _request, response, _next) => {
  if (!(error instanceof FhirError)) {
    response.status(500).json({ unexpected: String(error) });
    return;
  }
  const [issue] = error.issues;
  response.status(error.status).set(error.headers).json({ code: issue?.code, diagnostics: issue?.diagnostics });
};

/** Answers with what the middleware left behind: the url, the facts and the body. */
const answer: RequestHandler = (request, response) => {
  const { body } = request as { body?: Buffer };
  response.json({ url: request.url, facts: factsOf(response), ...(body && { body: body.toString() }) });
};

export function appWith(...middleware: readonly RequestHandler[]): RequestListener {
  const app = express();
  app.use(createRequestId(), ...middleware, answer);
  app.use(tell);
  return app as RequestListener;
}

/** Listens on a port of its own, for tests that speak raw HTTP. */
export async function listen(
  app: RequestListener,
): Promise<{ readonly port: number; readonly close: () => Promise<void> }> {
  const server = createServer(app);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const port = typeof address === 'object' && address ? address.port : 0;
  return { port, close: () => new Promise((resolve) => server.close(() => resolve())) };
}
