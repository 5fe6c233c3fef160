/** `vesta ig add`: an implementation guide from a package, a file or of a registry. */
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import type pg from 'pg';
import { createBundledConformance } from '../../definitions/bundled-conformance.ts';
import { type PackageName, readPackageName } from '../../guides/package-name.ts';
import { fetchPackage } from '../../guides/registry.ts';
import { type Arguments, type Command, type Terminal, UsageError } from '../command.ts';
import { installGuide } from '../guides/install-guide.ts';
import { withDatabase } from '../with-database.ts';

const schemas = fileURLToPath(new URL('../../../schemas/r4', import.meta.url));
const defaultRegistry = 'https://packages.fhir.org';
/** A guide that needs more than these is not one that somebody meant to add. */
const maximumPackages = 100;

const nameOf = ({ name, version }: PackageName): string => `${name}#${version}`;

function readPackage(source: string, registry: string): Promise<Buffer> {
  const name = readPackageName(source);
  return name ? fetchPackage(name, { url: registry }) : readFile(source);
}

interface Request {
  readonly source: string;
  readonly registry: string;
  readonly dependencies: 'fetched' | 'listed';
}

async function add(database: pg.Client, { source, registry, dependencies }: Request, terminal: Terminal) {
  const bundled = createBundledConformance(schemas);
  const isBundled = (url: string) => bundled.find('StructureDefinition', url) !== undefined;
  const options = { terminal, isBundled };
  const missing = [...(await installGuide(database, await readPackage(source, registry), options))];
  if (dependencies === 'listed') {
    for (const one of missing) terminal.complain(`Depends on ${nameOf(one)}, which is not installed`);
    return;
  }
  const seen = new Set<string>();
  for (const one of missing) {
    if (seen.has(nameOf(one))) continue;
    if (seen.size >= maximumPackages) throw new Error(`There are more than ${maximumPackages} dependencies`);
    seen.add(nameOf(one));
    // what it depends on in turn comes to the end of the list that this loop walks
    missing.push(...(await installGuide(database, await fetchPackage(one, { url: registry }), options)));
  }
}

async function run({ positionals, values, switches }: Arguments, terminal: Terminal): Promise<number> {
  const [source, ...more] = positionals;
  if (source === undefined || more.length > 0) throw new UsageError('Name one package: a file, or <name>#<version>');
  const request: Request = {
    source,
    registry: values['registry'] ?? defaultRegistry,
    dependencies: switches.has('dependencies') ? 'fetched' : 'listed',
  };
  await withDatabase(process.env, (database) => add(database, request, terminal));
  return 0;
}

export const igAdd: Command = {
  name: 'add',
  summary: 'Add a guide, in the place of the same version of it; servers use it at once',
  positionals: '<package.tgz | name#version>',
  options: {
    registry: { value: '<url>', description: `Where packages are fetched from [${defaultRegistry}]` },
    dependencies: { description: 'Fetch and add also what the guide depends on' },
  },
  notes: ['Examples: vesta ig add us-core.tgz', '          vesta ig add hl7.fhir.us.core#5.0.1 --dependencies'],
  run,
};
