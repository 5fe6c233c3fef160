/** Validates the official examples of some types many times over, in a process whose compiler has seen nothing else. */
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { performance } from 'node:perf_hooks';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { validationCount, type ValidationTimes } from './validation-times.ts';

type Validate = (resource: object) => readonly { readonly severity: string }[];

const examples = fileURLToPath(new URL('../../../node_modules/hl7.fhir.r4.examples', import.meta.url));

/** The examples of a type as text, without those that HL7 ships broken (see `invalid`). */
function readExamples(type: string): readonly string[] {
  return readdirSync(examples)
    .filter((name) => name.startsWith(`${type}-`) && name.endsWith('.json'))
    .map((name) => readFileSync(path.join(examples, name), 'utf8'))
    .filter((text) => (JSON.parse(text) as { resourceType?: string }).resourceType === type);
}

/** The validator of the built version in `directory`. */
async function loadValidator(directory: string): Promise<Validate> {
  const load = (file: string) => import(pathToFileURL(path.join(directory, 'dist', file)).href) as Promise<unknown>;
  const { loadDefinitions } = (await load('definitions/load-definitions.js')) as {
    loadDefinitions(folder: string): object;
  };
  const { createValidator } = (await load('validation/validate.js')) as {
    createValidator(definitions: object): Validate;
  };
  return createValidator(loadDefinitions(path.join(directory, 'schemas/r4')));
}

function timeOf(work: () => void): number {
  const start = performance.now();
  work();
  return performance.now() - start;
}

function isValid(validate: Validate, resource: object): boolean {
  return validate(resource).every(({ severity }) => severity !== 'error' && severity !== 'fatal');
}

function measureType(validate: Validate, type: string): ValidationTimes {
  const all = readExamples(type);
  const [one = '{}'] = all;
  const first = timeOf(() => validate(JSON.parse(one) as object));
  const texts = all.filter((text) => isValid(validate, JSON.parse(text) as object));
  const textAt = (index: number) => texts[index % texts.length] ?? '{}';
  const resources = Array.from({ length: validationCount }, (_, index) => JSON.parse(textAt(index)) as object);
  let errors = 0;
  const check = (resource: object) => {
    if (!isValid(validate, resource)) errors += 1;
  };
  const validateFirst = timeOf(() => resources.forEach(check));
  const validateNext = timeOf(() => resources.forEach(check));
  const parseAndValidate = timeOf(() => {
    for (let index = 0; index < validationCount; index += 1) check(JSON.parse(textAt(index)) as object);
  });
  if (errors > 0) throw new Error(`${errors} valid examples of ${type} were refused`);
  const invalid = all.length - texts.length;
  return { type, examples: all.length, invalid, first, validateFirst, validateNext, parseAndValidate };
}

// `validation.ts` starts this file and waits for its one message
const [directory = '', type = ''] = process.argv.slice(2);
process.send?.(measureType(await loadValidator(directory), type));
process.disconnect();
