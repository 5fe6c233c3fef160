/** Puts the package of a guide into the database and tells what came of it. */
import type pg from 'pg';
import { isVersionWanted, type PackageName } from '../../guides/package-name.ts';
import { readManifest, readResources } from '../../guides/read-package.ts';
import { createSurvey } from '../../guides/survey.ts';
import { addGuide, findDefined, listGuides } from '../../store/guides.ts';
import type { Terminal } from '../command.ts';
import { wellFormed } from './well-formed.ts';

/** Guides of FHIR itself, which is bundled. */
const bundledGuides = /^hl7\.fhir\.(?:core|r4\.(?:core|corexml|expansions|examples|elements|search))$/;

export interface InstallOptions {
  readonly terminal: Terminal;
  /** Whether R4 itself defines this profile or type. */
  isBundled(url: string): boolean;
}

/** Adds a guide. Resolves with what it depends on and is not installed. Throws PackageFault, and then nothing was changed. */
export async function installGuide(
  database: pg.Client,
  bytes: Uint8Array,
  { terminal, isBundled }: InstallOptions,
): Promise<readonly PackageName[]> {
  const { dependencies, ...guide } = await readManifest(bytes);
  const survey = createSurvey();
  await addGuide(
    database,
    guide,
    survey.watch(wellFormed(readResources(bytes), (sentence) => terminal.complain(sentence))),
  );
  terminal.print(`Added ${guide.name}#${guide.version}`);
  for (const [type, count] of Object.entries(survey.counts())) terminal.print(`  ${count}\t${type}`);
  const bases = survey.bases().filter((base) => !isBundled(base));
  const known = await findDefined(database, bases);
  const unknown = bases.filter((base) => !known.has(base));
  for (const warning of survey.warnings(unknown)) terminal.complain(warning);
  const installed = await listGuides(database);
  const isInstalled = ({ name, version }: PackageName) =>
    bundledGuides.test(name) || installed.some((one) => one.name === name && isVersionWanted(one.version, version));
  return [...dependencies].map(([name, version]) => ({ name, version })).filter((one) => !isInstalled(one));
}
