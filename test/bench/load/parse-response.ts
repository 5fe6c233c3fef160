/** Finds the end of one HTTP/1.1 response in the bytes of a connection, and no more than a load generator needs of it. https://www.rfc-editor.org/rfc/rfc9112 */

export interface ParsedResponse {
  readonly status: number;
  /** Offset of the first byte after the response. */
  readonly end: number;
  /** False when the server closes the connection after it. */
  readonly keepAlive: boolean;
}

const headEnd = '\r\n\r\n';

/** Where a chunked body that begins at `start` ends, or undefined when it is not all there. */
function chunkedEnd(bytes: Buffer, start: number): number | undefined {
  let at = start;
  for (;;) {
    const lineEnd = bytes.indexOf('\r\n', at, 'latin1');
    if (lineEnd < 0) return undefined;
    const size = Number.parseInt(bytes.toString('latin1', at, lineEnd), 16);
    if (Number.isNaN(size)) throw new Error('The size of a chunk is no hexadecimal number');
    if (size === 0) {
      // the last chunk has trailers, most often none, and an empty line
      const end = bytes.indexOf(headEnd, lineEnd, 'latin1');
      return end < 0 ? undefined : end + headEnd.length;
    }
    at = lineEnd + 2 + size + 2;
    if (at > bytes.length) return undefined;
  }
}

function bodyEnd(bytes: Buffer, head: string, start: number): number | undefined {
  const length = /\r\ncontent-length: *(\d+)/i.exec(head)?.[1];
  if (length !== undefined) {
    const end = start + Number(length);
    return end <= bytes.length ? end : undefined;
  }
  if (/\r\ntransfer-encoding: *chunked/i.test(head)) return chunkedEnd(bytes, start);
  throw new Error('A response has neither Content-Length nor chunks');
}

/** Reads the response at the beginning of `bytes`; undefined when it is not complete yet. Throws for what is not HTTP/1.1, and for a body that only the end of the connection ends. Answers to HEAD are not expected. */
export function parseResponse(bytes: Buffer): ParsedResponse | undefined {
  const end = bytes.indexOf(headEnd, 0, 'latin1');
  if (end < 0) return undefined;
  const head = bytes.toString('latin1', 0, end);
  const status = Number(/^HTTP\/1\.1 (\d{3})(?: |\r|$)/.exec(head)?.[1]);
  if (Number.isNaN(status)) throw new Error('The answer does not begin like HTTP/1.1');
  const start = end + headEnd.length;
  const hasBody = status >= 200 && status !== 204 && status !== 304;
  const next = hasBody ? bodyEnd(bytes, head, start) : start;
  if (next === undefined) return undefined;
  return { status, end: next, keepAlive: !/\r\nconnection: *close/i.test(head) };
}
