/** Patient data belongs in no cache. https://www.rfc-editor.org/rfc/rfc9111#section-5.2.2.5 */
import type { RequestHandler } from 'express';

/** Forbids caches to keep the answer. */
export function createNoStore(): RequestHandler {
  return (_request, response, next) => {
    response.setHeader('Cache-Control', 'no-store');
    next();
  };
}
