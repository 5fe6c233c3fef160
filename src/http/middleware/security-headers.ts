/** Headers that keep browsers from doing anything with an answer but handing it to the script that asked. https://helmetjs.github.io */
import type { Request, RequestHandler, Response } from 'express';
import helmet from 'helmet';

const protect = helmet({
  contentSecurityPolicy: {
    useDefaults: false,
    directives: { 'default-src': ["'none'"], 'frame-ancestors': ["'none'"], sandbox: [] },
  },
  referrerPolicy: { policy: 'no-referrer' },
});

/** What helmet sets: the same for every answer, so it is asked once. */
function staticHeaders(): ReadonlyMap<string, string> {
  const headers = new Map<string, string>();
  const response = {
    setHeader: (name: string, value: string) => headers.set(name, value),
    removeHeader: (name: string) => headers.delete(name),
  };
  protect({} as Request, response as unknown as Response, (error) => {
    if (error instanceof Error) throw error;
  });
  return headers;
}

/** Sets the headers of helmet, and removes the one that names Express. */
export function createSecurityHeaders(): RequestHandler {
  const headers = staticHeaders();
  return (_request, response, next) => {
    response.setHeaders(headers as Map<string, string>);
    response.removeHeader('X-Powered-By');
    next();
  };
}
