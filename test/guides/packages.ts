/** Packages made in memory. */
import { gzipSync } from 'node:zlib';
import { buffer } from 'node:stream/consumers';
import { type Header, pack } from 'tar-stream';

export interface PackedFile extends Partial<Header> {
  readonly name: string;
  readonly content: string | Buffer;
}

/** A tar of these files, not compressed. */
export async function tarOf(files: readonly PackedFile[]): Promise<Buffer> {
  const archive = pack();
  for (const { content, ...header } of files) archive.entry(header, content);
  archive.finalize();
  return buffer(archive as AsyncIterable<Buffer>);
}

export const tgzOf = async (files: readonly PackedFile[]): Promise<Buffer> => gzipSync(await tarOf(files));

export const manifest = { name: 'example.guide', version: '1.0.0', fhirVersions: ['4.0.1'] };

/** A package of these resources, each in a file of its own. */
export function packageOf(resources: readonly object[], named: object = {}): Promise<Buffer> {
  const files = resources.map((resource, index) => ({
    name: `package/resource-${index}.json`,
    content: JSON.stringify(resource),
  }));
  const content = JSON.stringify({ ...manifest, ...named });
  return tgzOf([{ name: 'package/package.json', content }, ...files]);
}

/** A StructureDefinition that holds just enough to be found. */
export const profile = (url: string, more: object = {}): object => ({
  resourceType: 'StructureDefinition',
  url,
  version: '1.0.0',
  type: 'Patient',
  baseDefinition: 'http://hl7.org/fhir/StructureDefinition/Patient',
  ...more,
});
