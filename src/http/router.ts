/** The FHIR API as an Express router, made from the route table. */
import { type RequestHandler, Router } from 'express';
import { methodNotAllowed, notFound } from '../fhir/fhir-error.ts';
import type { Method, Route } from '../interactions/interaction.ts';
import { lookUpRoute } from '../interactions/route.ts';
import { handle, type HandlingOptions } from './handle.ts';

type RouterMethod = 'get' | 'post' | 'put' | 'patch' | 'delete';

/** What no route took: 405 when the path has other methods, else 404. */
function refuseUnknown(routes: readonly Route[]): RequestHandler {
  return (request, _response, next) => {
    const path = request.path.replace(/^\/+|\/+$/g, '');
    const found = lookUpRoute(routes, request.method as Method, path);
    if ('allowed' in found && found.allowed.length > 0) {
      const allow = found.allowed.flatMap((method) => (method === 'GET' ? ['GET', 'HEAD'] : [method])).join(', ');
      return next(methodNotAllowed(`${request.method} is not possible here`, allow));
    }
    return next(notFound('There is nothing at this URL'));
  };
}

function addRoute(router: Router, route: Route, handler: RequestHandler): void {
  router[route.method.toLowerCase() as RouterMethod](`/${route.path}`, handler);
}

export interface RouterOptions extends HandlingOptions {
  /** Between the routes that anybody may use and the others. */
  readonly guards: readonly RequestHandler[];
}

/** Routes that are open to anybody come first; the guards stand before all others. */
export function createFhirRouter(options: RouterOptions): Router {
  const { routes } = options.services;
  const router = Router({ caseSensitive: true, strict: false });
  for (const route of routes.filter(({ open }) => open)) addRoute(router, route, handle(route, options));
  for (const guard of options.guards) router.use(guard);
  for (const route of routes.filter(({ open }) => !open)) addRoute(router, route, handle(route, options));
  router.use(refuseUnknown(routes));
  return router;
}
