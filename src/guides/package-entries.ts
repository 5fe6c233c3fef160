/** The files of a package: a gzipped tar, read in memory and bounded whatever it claims to hold. https://confluence.hl7.org/display/FHIR/NPM+Package+Specification */
import { Readable, Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import { extract, type Header } from 'tar-stream';
import { PackageFault } from './package-fault.ts';

export interface PackageLimits {
  /** Bytes of the whole archive once inflated. */
  readonly inflatedBytes: number;
  /** Bytes of one file. */
  readonly entryBytes: number;
  readonly entries: number;
}

/** The largest published packages have some 30,000 files and inflate to some 600 MB. */
export const defaultPackageLimits: PackageLimits = {
  inflatedBytes: 1_000_000_000,
  entryBytes: 50_000_000,
  entries: 100_000,
};

/** A file of a package. Its name is for choosing and for messages, never a path to write to. */
export interface PackageEntry {
  readonly name: string;
  readonly text: string;
}

/** A name that somebody else chose, fit for a message. */
export const quoted = (name: string): string => JSON.stringify(name.slice(0, 200));

/** Passes bytes on up to a limit: what inflates to more is a bomb. */
function capped(limit: number): Transform {
  let seen = 0;
  return new Transform({
    transform(chunk: Buffer, _encoding, done) {
      seen += chunk.length;
      if (seen > limit) done(new PackageFault(`The package inflates to more than ${limit} bytes`));
      else done(null, chunk);
    },
  });
}

function faultOf(cause: unknown): PackageFault {
  if (cause instanceof PackageFault) return cause;
  const { code = '', message = '' } = cause as { code?: string; message?: string };
  const isTruncated = code === 'Z_BUF_ERROR' || message === 'Unexpected end of data';
  if (isTruncated) return new PackageFault('The package is truncated', { cause });
  if (code.startsWith('Z_')) return new PackageFault('The package is not gzip', { cause });
  return new PackageFault('The package is not a tar archive', { cause });
}

/** A file in the archive, to be read before the next one comes. */
interface Entry extends AsyncIterable<unknown> {
  readonly header: Header;
}

async function readText(entry: Entry, limit: number): Promise<string> {
  const { name, size } = entry.header;
  if (size > limit) throw new PackageFault(`${quoted(name)} is larger than ${limit} bytes`);
  const chunks: Buffer[] = [];
  for await (const chunk of entry as AsyncIterable<Buffer>) chunks.push(chunk);
  try {
    // a byte order mark, which some tools write, is taken off
    return new TextDecoder('utf-8', { fatal: true }).decode(Buffer.concat(chunks));
  } catch (cause) {
    throw new PackageFault(`${quoted(name)} is not UTF-8`, { cause });
  }
}

/** Reads the wanted files one after the other, in the order of the archive; one is in memory at a time. Throws PackageFault. */
export async function* packageEntries(
  bytes: Uint8Array,
  isWanted: (name: string) => boolean,
  limits: PackageLimits = defaultPackageLimits,
): AsyncGenerator<PackageEntry> {
  const archive = extract();
  const source = Readable.from([bytes], { objectMode: false });
  // the first failure of the chain; the archive then fails with a consequence of it
  const failure = pipeline(source, createGunzip(), capped(limits.inflatedBytes), archive).then(
    () => undefined,
    (cause: unknown) => cause,
  );
  let count = 0;
  try {
    for await (const entry of archive) {
      count += 1;
      if (count > limits.entries) throw new PackageFault(`The package has more than ${limits.entries} files`);
      const name = entry.header.name.replace(/^\.\//, '');
      if (entry.header.type === 'file' && isWanted(name)) {
        yield { name, text: await readText(entry, limits.entryBytes) };
      } else {
        entry.resume();
      }
    }
  } catch (cause) {
    throw faultOf(cause instanceof PackageFault ? cause : ((await failure) ?? cause));
  }
  const cause = await failure;
  if (cause !== undefined) throw faultOf(cause);
}
