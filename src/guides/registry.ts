/** Fetches packages from a registry that speaks npm's protocol. https://github.com/npm/registry/blob/main/docs/responses/package-metadata.md */
import { hash } from 'node:crypto';
import { compareVersions } from '../fhir/compare-versions.ts';
import { PackageFault } from './package-fault.ts';
import { isVersionWanted, type PackageName } from './package-name.ts';

export interface RegistryOptions {
  /** Base URL, http or https. */
  readonly url: string;
  /** For each answer, until its last byte. */
  readonly timeLimitMs?: number;
  /** Bytes of one answer. */
  readonly sizeLimit?: number;
}

interface Distribution {
  readonly tarball: string;
  /** SHA-1 in hexadecimal. */
  readonly shasum?: string;
  /** Subresource integrity: `sha512-…` */
  readonly integrity?: string;
}

type Json = Readonly<Record<string, unknown>>;

const isObject = (value: unknown): value is Json => typeof value === 'object' && value !== null;
const memberOf = (value: unknown, name: string): unknown =>
  isObject(value) && Object.hasOwn(value, name) ? value[name] : undefined;

/** The URL, if it is one that may be fetched. Throws PackageFault. */
function webUrl(text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url?.protocol === 'https:' || url?.protocol === 'http:') return url;
  throw new PackageFault('A registry and its packages have http or https URLs');
}

async function readBody({ body }: Response, limit: number): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of (body ?? []) as AsyncIterable<Uint8Array>) {
    size += chunk.length;
    // leaving the loop cancels the rest
    if (size > limit) throw new PackageFault(`The registry sends more than ${limit} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

/** The bytes at a URL; undefined when there is nothing (404). Throws PackageFault. */
async function get(url: URL, { timeLimitMs = 120_000, sizeLimit = 200_000_000 }: RegistryOptions) {
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(timeLimitMs) });
    if (response.ok) return await readBody(response, sizeLimit);
    await response.body?.cancel();
    if (response.status === 404) return undefined;
    throw new PackageFault(`The registry answers with status ${response.status}`);
  } catch (cause) {
    if (cause instanceof PackageFault) throw cause;
    const isLate = isObject(cause) && cause['name'] === 'TimeoutError';
    throw new PackageFault(isLate ? 'The registry did not answer in time' : 'The registry cannot be reached', {
      cause,
    });
  }
}

async function getJson(url: URL, options: RegistryOptions): Promise<unknown> {
  const bytes = await get(url, options);
  if (!bytes) return undefined;
  try {
    return JSON.parse(bytes.toString('utf8'));
  } catch (cause) {
    throw new PackageFault('The registry answers with something that is not JSON', { cause });
  }
}

/** Of all versions the one that is meant: a tag, that very version, or the newest that begins so. */
function pickVersion(metadata: unknown, wanted: string): unknown {
  const versions = memberOf(metadata, 'versions');
  if (!isObject(versions)) return undefined;
  const tagged = memberOf(memberOf(metadata, 'dist-tags'), wanted);
  const sought = typeof tagged === 'string' ? tagged : wanted;
  const [newest] = Object.keys(versions)
    .filter((version) => isVersionWanted(version, sought))
    .toSorted((left, right) => compareVersions(right, left));
  return newest === undefined ? undefined : versions[newest];
}

function distributionOf(version: unknown): Distribution | undefined {
  const dist = memberOf(version, 'dist');
  const [tarball, shasum, integrity] = ['tarball', 'shasum', 'integrity'].map((name) => memberOf(dist, name));
  if (typeof tarball !== 'string') return undefined;
  return {
    tarball,
    ...(typeof shasum === 'string' && shasum !== '' && { shasum }),
    ...(typeof integrity === 'string' && integrity !== '' && { integrity }),
  };
}

function checkIntegrity(bytes: Buffer, { shasum, integrity }: Distribution): void {
  const sha512 = integrity?.split(/\s+/).find((one) => one.startsWith('sha512-'));
  const isSame =
    (shasum === undefined || hash('sha1', bytes, 'hex') === shasum.toLowerCase()) &&
    (sha512 === undefined || `sha512-${hash('sha512', bytes, 'base64')}` === sha512.split('?')[0]);
  if (!isSame) throw new PackageFault('What the registry sent is not what it announced: the checksum differs');
}

/** Fetches the package as the registry has it, checksum compared where one is given. Throws PackageFault. */
export async function fetchPackage({ name, version }: PackageName, options: RegistryOptions): Promise<Buffer> {
  const base = webUrl(options.url).href.replace(/\/+$/, '');
  const byName = `${base}/${encodeURIComponent(name)}`;
  const picked =
    pickVersion(await getJson(webUrl(byName), options), version) ??
    (await getJson(webUrl(`${byName}/${encodeURIComponent(version)}`), options));
  const distribution = distributionOf(picked);
  const bytes = distribution && (await get(webUrl(distribution.tarball), options));
  if (!bytes) throw new PackageFault(`The registry has no ${name}#${version}`);
  checkIntegrity(bytes, distribution);
  return bytes;
}
