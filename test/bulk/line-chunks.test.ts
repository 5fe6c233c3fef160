import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { lineChunks, LineTooLong } from '../../src/bulk/line-chunks.ts';

async function* streamOf(parts: readonly Uint8Array[]): AsyncGenerator<Uint8Array> {
  for (const part of parts) yield part;
}

async function chunksOf(parts: readonly Uint8Array[]): Promise<readonly Uint8Array[]> {
  const found: Uint8Array[] = [];
  for await (const chunk of lineChunks(streamOf(parts))) found.push(chunk);
  return found;
}

const megabyte = 1_048_576;

describe('lineChunks', () => {
  it('gives the whole stream, cut after line feeds', async () => {
    const line = fc
      .integer({ min: 0, max: 300_000 })
      .map((length) => Buffer.concat([Buffer.alloc(length, 'a'), Buffer.from('\n')]));
    await fc.assert(
      fc.asyncProperty(fc.array(line, { maxLength: 12 }), fc.integer({ min: 1, max: 700_000 }), async (lines, size) => {
        const whole = Buffer.concat(lines);
        const parts: Uint8Array[] = [];
        for (let at = 0; at < whole.length; at += size) parts.push(whole.subarray(at, at + size));
        const chunks = await chunksOf(parts);
        expect(Buffer.concat(chunks).equals(whole)).toBe(true);
        for (const chunk of chunks) expect(chunk.at(-1)).toBe(0x0a);
      }),
      { numRuns: 30 },
    );
  });

  it('gives a last line without a line feed', async () => {
    const [only, ...others] = await chunksOf([Buffer.from('a\nb')]);
    expect([Buffer.from(only ?? []).toString(), others]).toEqual(['a\nb', []]);
  });

  it('copes with a stream that uses its buffer again', async () => {
    const shared = Buffer.alloc(megabyte);
    async function* reusing(): AsyncGenerator<Uint8Array> {
      for (const letter of ['a', 'b', 'c']) {
        shared.fill(letter);
        yield shared;
      }
    }
    const found: Uint8Array[] = [];
    for await (const chunk of lineChunks(reusing())) found.push(chunk);
    const text = Buffer.concat(found).toString();
    expect([text.length, text[0], text[megabyte], text.at(-1)]).toEqual([3 * megabyte, 'a', 'b', 'c']);
  });

  it('refuses a line that would fill the memory', async () => {
    const parts = Array.from({ length: 70 }, () => Buffer.alloc(megabyte, 'a'));
    await expect(chunksOf(parts)).rejects.toThrow(LineTooLong);
  });
});
