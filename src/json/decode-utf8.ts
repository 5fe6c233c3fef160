/** From received bytes to text: strict UTF-8, as JSON requires. https://www.rfc-editor.org/rfc/rfc8259#section-8.1 */
import { Buffer, isUtf8 } from 'node:buffer';
import type { Issue } from '../fhir/issue.ts';

const refusal = (diagnostics: string): Issue => ({ severity: 'fatal', code: 'structure', diagnostics });

/** The text of the bytes. Refuses a byte order mark and every invalid sequence, where lenient decoders would silently put U+FFFD. */
export function decodeUtf8(bytes: Uint8Array): string | Issue {
  if (bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf) {
    return refusal('The body starts with a byte order mark; JSON is sent without one');
  }
  if (!isUtf8(bytes)) return refusal('The body is not valid UTF-8');
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8');
}
