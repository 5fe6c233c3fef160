/** Headers that keep browsers from doing anything with an answer but handing it to the script that asked. https://helmetjs.github.io */
import type { RequestHandler } from 'express';
import helmet from 'helmet';

/** Sets the headers that mean something for an API; those for pages, for Flash and for old browsers are left away, because each costs time in every answer. */
export function createSecurityHeaders(): RequestHandler {
  return helmet({
    contentSecurityPolicy: {
      useDefaults: false,
      directives: { 'default-src': ["'none'"], 'frame-ancestors': ["'none'"], sandbox: [] },
    },
    referrerPolicy: { policy: 'no-referrer' },
    xFrameOptions: { action: 'deny' },
    crossOriginOpenerPolicy: false,
    originAgentCluster: false,
    xDnsPrefetchControl: false,
    xDownloadOptions: false,
    xPermittedCrossDomainPolicies: false,
    xXssProtection: false,
  });
}
