/** Tells how every request ended: for logs and metrics, by the template of its route. */
import type { RequestHandler } from 'express';
import type { Observe } from '../../telemetry/observation.ts';
import { factsOf } from './request-facts.ts';

/** The status nginx logs when the client left before the answer: https://nginx.org/en/docs/http/ngx_http_log_module.html */
const clientClosed = 499;

/** Observes each request once, when its response is closed. Comes right after `request-id`. */
export function createObserveRequests(observe: Observe): RequestHandler {
  return (request, response, next) => {
    const start = performance.now();
    response.once('close', () => {
      const { requestId, route = 'unmatched' } = factsOf(response);
      observe({
        kind: 'request-finished',
        requestId,
        method: request.method,
        route,
        status: response.writableFinished ? response.statusCode : clientClosed,
        milliseconds: Math.round((performance.now() - start) * 1_000) / 1_000,
      });
    });
    next();
  };
}
