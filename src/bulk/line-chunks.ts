/** Cuts a stream of NDJSON into chunks of whole lines, each large enough to be worth handing to another thread. https://github.com/ndjson/ndjson-spec */
import { Buffer } from 'node:buffer';

const lineFeed = 0x0a;

/** Bytes of a chunk, about. */
const chunkSize = 1_048_576;
/** A line beyond this is no resource; without a bound a file without line feeds would fill the memory. */
const maximumLine = 64 * 1_048_576;

/** Thrown for a line that is too long; nothing after it can be trusted to be a line. */
export class LineTooLong extends Error {
  constructor() {
    super(`A line has more than ${maximumLine / 1_048_576} MiB`);
  }
}

/** A copy with an ArrayBuffer of its own, which another thread can take over. */
function joined(parts: readonly Uint8Array[], length: number): Uint8Array<ArrayBuffer> {
  const chunk = new Uint8Array(length);
  let at = 0;
  for (const part of parts) {
    chunk.set(part, at);
    at += part.length;
  }
  return chunk;
}

/** Chunks that end with a line feed, but perhaps the last. Together they are the stream. */
export async function* lineChunks(stream: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array<ArrayBuffer>> {
  let parts: Uint8Array[] = [];
  let length = 0;
  for await (const part of stream) {
    const end = length + part.length < chunkSize ? 0 : part.lastIndexOf(lineFeed) + 1;
    if (end > 0) {
      yield joined([...parts, part.subarray(0, end)], length + end);
      parts = [];
      length = 0;
    }
    const rest = part.subarray(end);
    if (length + rest.length > maximumLine) throw new LineTooLong();
    // the stream may use its buffer again
    parts.push(Buffer.from(rest));
    length += rest.length;
  }
  if (length > 0) yield joined(parts, length);
}
