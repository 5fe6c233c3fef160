import { createHash } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { isVersionWanted, readPackageName } from '../../src/guides/package-name.ts';
import { PackageFault } from '../../src/guides/package-fault.ts';
import { fetchPackage } from '../../src/guides/registry.ts';
import { type FakeRegistry, startRegistry } from './fake-registry.ts';

let registry: FakeRegistry;
const bytes = Buffer.from('a package');
const shasum = createHash('sha1').update(bytes).digest('hex');
const integrity = `sha512-${createHash('sha512').update(bytes).digest('base64')}`;

beforeAll(async () => {
  registry = await startRegistry();
});

afterAll(() => registry.close());

beforeEach(() => {
  registry.answers.clear();
  registry.asked.length = 0;
  registry.answers.set('/files/a.tgz', bytes);
});

const tarball = () => `${registry.url}/files/a.tgz`;
const metadata = (versions: Readonly<Record<string, object>>) => ({
  'dist-tags': { latest: '1.2.0', constructor: '1.0.0' },
  versions: Object.fromEntries(Object.entries(versions).map(([version, dist]) => [version, { dist }])),
});
const fetchVersion = (version: string, more: object = {}) =>
  fetchPackage({ name: 'a', version }, { url: `${registry.url}/`, ...more });

describe('fetchPackage', () => {
  it.each([
    ['without a checksum', {}],
    ['with a SHA-1', { shasum }],
    ['with integrity', { integrity: `sha384-other ${integrity}` }],
  ])('fetches the tarball of the version, %s', async (_what, checks) => {
    registry.answers.set('/a', metadata({ '1.0.0': { tarball: tarball(), ...checks } }));
    expect(await fetchVersion('1.0.0')).toEqual(bytes);
    expect(registry.asked).toEqual(['/a', '/files/a.tgz']);
  });

  it.each([
    ['latest', '/files/1.2.0'],
    ['1.2.x', '/files/1.2.0'],
    ['1.x', '/files/1.10.0'],
    ['1.0.0', '/files/1.0.0'],
  ])('knows which version %s is', async (version, path) => {
    const versions = ['1.2.0', '1.10.0', '1.0.0', '2.0.0'].map((one) => {
      registry.answers.set(`/files/${one}`, bytes);
      return [one, { tarball: `${registry.url}/files/${one}` }] as const;
    });
    registry.answers.set('/a', metadata(Object.fromEntries(versions)));
    await fetchVersion(version);
    expect(registry.asked[1]).toBe(path);
  });

  it('asks for the version alone when the package is not told as a whole', async () => {
    registry.answers.set('/a/1.0.0', { dist: { tarball: tarball(), shasum } });
    expect(await fetchVersion('1.0.0')).toEqual(bytes);
    expect(registry.asked).toEqual(['/a', '/a/1.0.0', '/files/a.tgz']);
  });

  it.each<[string, object | number | Buffer, string]>([
    ['has not got it', 404, 'has no a#1.0.0'],
    ['has other versions', metadata({ '1.0.1': { tarball: 'x' } }), 'has no a#1.0.0'],
    ['tells no tarball', metadata({ '1.0.0': {} }), 'has no a#1.0.0'],
    ['tells a tarball elsewhere', metadata({ '1.0.0': { tarball: 'file:///etc/passwd' } }), 'http or https'],
    ['tells a tarball that is no URL', metadata({ '1.0.0': { tarball: 'a.tgz' } }), 'http or https'],
    ['is broken', 500, 'status 500'],
    ['answers in no JSON', Buffer.from('<html>'), 'not JSON'],
  ])('refuses when the registry %s', async (_what, answer, message) => {
    registry.answers.set('/a', answer);
    await expect(fetchVersion('1.0.0')).rejects.toThrow(message);
  });

  it.each([
    ['SHA-1', { shasum: shasum.replace(/^./, 'x') }],
    ['integrity', { integrity: 'sha512-AAAA', shasum }],
  ])('refuses a package whose %s differs', async (_what, checks) => {
    registry.answers.set('/a', metadata({ '1.0.0': { tarball: tarball(), ...checks } }));
    await expect(fetchVersion('1.0.0')).rejects.toThrow('checksum differs');
  });

  it('refuses a tarball that is not there or too large', async () => {
    registry.answers.set('/a', metadata({ '1.0.0': { tarball: tarball() } }));
    await expect(fetchVersion('1.0.0', { sizeLimit: 5 })).rejects.toThrow('more than 5 bytes');
    registry.answers.delete('/files/a.tgz');
    await expect(fetchVersion('1.0.0')).rejects.toThrow('has no a#1.0.0');
  });

  it('does not wait for ever, and tells when nobody is there', async () => {
    registry.answers.set('/a', 'silence');
    await expect(fetchVersion('1.0.0', { timeLimitMs: 20 })).rejects.toThrow('did not answer in time');
    const nobody = fetchPackage({ name: 'a', version: '1' }, { url: 'http://127.0.0.1:1' });
    await expect(nobody).rejects.toBeInstanceOf(PackageFault);
    await expect(nobody).rejects.toThrow('cannot be reached');
    await expect(fetchPackage({ name: 'a', version: '1' }, { url: 'ftp://x' })).rejects.toThrow('http or https');
  });
});

describe('package names', () => {
  it.each([
    ['hl7.fhir.us.core#5.0.1', { name: 'hl7.fhir.us.core', version: '5.0.1' }],
    ['a#latest', { name: 'a', version: 'latest' }],
    ['a.tgz', undefined],
    ['./a#1', undefined],
    ['../a#1', undefined],
    ['a#', undefined],
    ['#1', undefined],
    ['a#1/2', undefined],
    ['a#1#2', undefined],
  ])('%s', (text, expected) => {
    expect(readPackageName(text)).toEqual(expected);
  });

  it.each([
    ['1.0.0', '1.0.0', true],
    ['1.0.0', '1.0.x', true],
    ['1.10.0', '1.1.x', false],
    ['1.0.0', '1.0', false],
  ])('%s is wanted by %s: %s', (version, wanted, expected) => {
    expect(isVersionWanted(version, wanted)).toBe(expected);
  });
});
