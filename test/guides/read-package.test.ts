import { gzipSync } from 'node:zlib';
import { describe, expect, it } from '@jest/globals';
import { defaultPackageLimits, type PackageLimits } from '../../src/guides/package-entries.ts';
import { PackageFault } from '../../src/guides/package-fault.ts';
import { type PackagedResource, readManifest, readResources } from '../../src/guides/read-package.ts';
import { manifest, packageOf, profile, tarOf, tgzOf } from './packages.ts';

async function all(bytes: Uint8Array, limits?: PackageLimits): Promise<readonly PackagedResource[]> {
  const found: PackagedResource[] = [];
  for await (const resource of readResources(bytes, limits)) found.push(resource);
  return found;
}

const manifestFile = { name: 'package/package.json', content: JSON.stringify(manifest) };
const url = 'http://example.org/StructureDefinition/a';

describe('readManifest', () => {
  it('tells what the guide is called and needs', async () => {
    const bytes = await packageOf([], {
      title: 'Example',
      canonical: 'http://example.org',
      dependencies: { 'hl7.fhir.r4.core': '4.0.1', 'hl7.terminology.r4': '5.0.x', '../evil': '1.0.0', odd: 7 },
    });
    expect(await readManifest(bytes)).toEqual({
      ...manifest,
      title: 'Example',
      canonical: 'http://example.org',
      dependencies: new Map([
        ['hl7.fhir.r4.core', '4.0.1'],
        ['hl7.terminology.r4', '5.0.x'],
      ]),
    });
  });

  it('finds the manifest wherever it is, and with the older name of its versions', async () => {
    const content = JSON.stringify({ name: 'old.guide', version: '0.1', 'fhir-version-list': ['4.0.0'] });
    const bytes = await tgzOf([
      { name: './package/a.json', content: '{}' },
      { name: './package/package.json', content },
    ]);
    expect(await readManifest(bytes)).toMatchObject({ name: 'old.guide', fhirVersions: ['4.0.0'] });
  });

  it.each([
    [
      'another FHIR version',
      { fhirVersions: ['5.0.0'] },
      'example.guide#1.0.0 is not for FHIR R4 (4.0.x): it names "5.0.0"',
    ],
    ['R4B', { fhirVersions: ['4.3.0'] }, 'not for FHIR R4'],
    ['a version that only looks like it', { fhirVersions: ['4.01'] }, 'not for FHIR R4'],
    ['no FHIR version', { fhirVersions: undefined }, 'it names no FHIR version'],
    ['no name', { name: undefined }, 'no usable name'],
    ['a name that is a path', { name: '../../etc' }, 'no usable name'],
    ['no version', { version: 1 }, 'no usable version'],
  ])('refuses %s', async (_what, named, message) => {
    await expect(readManifest(await packageOf([], named))).rejects.toThrow(message);
  });

  it.each([
    ['is not JSON', '{"name":', 'is not JSON'],
    ['is no object', '[]', 'not a JSON object'],
  ])('refuses a manifest that %s', async (_what, content, message) => {
    await expect(readManifest(await tgzOf([{ ...manifestFile, content }]))).rejects.toThrow(message);
  });

  it('refuses a package without one', async () => {
    await expect(readManifest(await tgzOf([{ name: 'package.json', content: '{}' }]))).rejects.toThrow(
      'no package/package.json',
    );
    await expect(readManifest(gzipSync(''))).rejects.toThrow('no package/package.json');
  });
});

describe('readResources', () => {
  it('reads conformance resources, with their text untouched', async () => {
    const text = `{ "resourceType": "ValueSet", "url": "http://example.org/v", "version": "2", "x": 1.50 }\n`;
    const bytes = await tgzOf([manifestFile, { name: 'package/v.json', content: text }]);
    expect(await all(bytes)).toEqual([
      { type: 'ValueSet', url: 'http://example.org/v', version: '2', text, resource: JSON.parse(text) as object },
    ]);
  });

  it.each([
    ['examples', { name: 'package/example/a.json' }],
    ['other folders', { name: 'package/other/a.json' }],
    ['paths that lead elsewhere', { name: 'package/../a.json' }],
    ['paths above', { name: '../a.json' }],
    ['absolute paths', { name: '/package/a.json' }],
    ['the index', { name: 'package/.index.json' }],
    ['what is not JSON by name', { name: 'package/a.xml' }],
    ['links', { name: 'package/a.json', type: 'symlink' as const, linkname: '/etc/passwd', content: '' }],
    ['folders', { name: 'package/a.json', type: 'directory' as const, content: '' }],
    ['other resource types', { name: 'package/a.json', content: '{"resourceType":"Patient"}' }],
    ['JSON that is no resource', { name: 'package/a.json', content: '["StructureDefinition"]' }],
  ])('passes over %s', async (_what, file) => {
    const bytes = await tgzOf([manifestFile, { content: JSON.stringify(profile(url)), ...file }]);
    expect(await all(bytes)).toEqual([]);
  });

  it('takes a URL that nothing can refer to for none', async () => {
    const bytes = await packageOf([
      { resourceType: 'NamingSystem' },
      profile(`http://example.org/${'x'.repeat(600)}`),
      profile('http://example.org/\u0001'.replace('\u0001', '')),
    ]);
    expect((await all(bytes)).map(({ url }) => url)).toEqual([undefined, undefined, 'http://example.org/']);
  });

  it('takes off a byte order mark', async () => {
    const content = `\ufeff${JSON.stringify(profile(url))}`;
    expect(await all(await tgzOf([{ name: 'package/a.json', content }]))).toMatchObject([{ url }]);
  });

  it('reads ten thousand files without keeping them', async () => {
    const content = JSON.stringify(profile(url));
    const files = Array.from({ length: 10_000 }, (_, index) => ({ name: `package/${index}.json`, content }));
    let count = 0;
    for await (const one of readResources(await tgzOf(files))) count += Number(one.url === url);
    expect(count).toBe(10_000);
  });
});

describe('a package that is not what it should be', () => {
  const whole = packageOf(Array.from({ length: 50 }, (_, index) => profile(`${url}${index}`, { text: `${index}` })));

  it.each<[string, () => Promise<Uint8Array>, string, Partial<PackageLimits>]>([
    ['is not gzip', () => tarOf([manifestFile]), 'not gzip', {}],
    ['is empty', async () => new Uint8Array(), 'truncated', {}],
    ['is not tar', async () => gzipSync('x'.repeat(5_000)), 'not a tar archive', {}],
    ['is cut off', async () => (await whole).subarray(0, (await whole).length - 200), 'truncated', {}],
    [
      'is cut off before it was compressed',
      async () => gzipSync((await tarOf([manifestFile])).subarray(0, 700)),
      'truncated',
      {},
    ],
    ['has more files than allowed', () => whole, 'more than 20 files', { entries: 20 }],
    [
      'has a file larger than allowed',
      () => whole,
      '"package/resource-0.json" is larger than 100 bytes',
      { entryBytes: 100 },
    ],
    [
      'inflates to more than allowed',
      async () => gzipSync(Buffer.alloc(5_000_000)),
      'more than 1000000 bytes',
      { inflatedBytes: 1_000_000 },
    ],
    [
      'has broken JSON',
      () => tgzOf([{ name: 'package/a.json', content: '{"a":' }]),
      '"package/a.json" is not JSON',
      {},
    ],
    [
      'has a resource nested too deep',
      () =>
        tgzOf([
          { name: 'package/a.json', content: `{"resourceType":"ValueSet","x":${'['.repeat(100)}${']'.repeat(100)}}` },
        ]),
      'nested more than 64',
      {},
    ],
    [
      'is not UTF-8',
      () => tgzOf([{ name: 'package/a.json', content: Buffer.from([0x22, 0xff, 0x22]) }]),
      'not UTF-8',
      {},
    ],
    [
      'has a name made for the terminal',
      () => tgzOf([{ name: 'package/\u001b[2J.json', content: '{' }]),
      String.raw`"package/\u001b[2J.json" is not JSON`,
      {},
    ],
  ])('%s: is refused', async (_what, make, message, changed) => {
    const given = { ...defaultPackageLimits, ...changed };
    const bytes = await make();
    const refusal = await all(bytes, given).then(
      () => undefined,
      (cause: unknown) => cause,
    );
    expect(refusal).toBeInstanceOf(PackageFault);
    expect((refusal as Error).message).toContain(message);
  });
});
