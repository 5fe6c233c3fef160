/** fhirpath.js is the oracle: every official search parameter expression, on official examples of its types, gives the same values of the same types. */
import { readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from '@jest/globals';
import { loadDefinitions } from '../../src/definitions/load-definitions.ts';
import type { Resource } from '../../src/fhir/resource.ts';
import { compilePath } from '../../src/fhirpath/compile-path.ts';
import { createSearchParameters } from '../../src/search/parameters.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));
const definitions = loadDefinitions(`${root}schemas/r4`);
const parameters = createSearchParameters(definitions);

interface Oracle {
  compile(expression: string, model: unknown, options: object): (resource: object) => readonly unknown[];
  types(values: readonly unknown[]): readonly string[];
  resolveInternalTypes(values: readonly unknown[]): readonly unknown[];
}
const require = createRequire(import.meta.url);
const oracle = require('fhirpath') as Oracle;
const model = require('fhirpath/fhir-context/r4') as unknown;

/** Clinical types come with all their examples, types that define others (thousands of them) with a few. */
const examplesPerType = 64;

function examples(): ReadonlyMap<string, readonly Resource[]> {
  const folder = `${root}node_modules/hl7.fhir.r4.examples`;
  const byType = new Map<string, Resource[]>();
  for (const file of readdirSync(folder).sort()) {
    const type = file.split('-')[0] ?? '';
    const found = byType.get(type) ?? [];
    if (!definitions.resourceTypes.has(type) || found.length >= examplesPerType) continue;
    byType.set(type, [...found, JSON.parse(readFileSync(`${folder}/${file}`, 'utf8')) as Resource]);
  }
  return byType;
}

/** `pointsTo` says what `resolve() is` says, without fetching. */
const options = {
  resolveInternalTypes: false,
  userInvocationTable: {
    pointsTo: {
      arity: { 1: ['String'] },
      fn: (inputs: readonly { reference?: string; type?: string }[], type: string) =>
        inputs.map((input) => {
          const named = /(?:^|\/)([A-Z][A-Za-z]+)\/[A-Za-z0-9.-]+(?:\/_history\/\w+)?$/.exec(
            input.reference ?? '',
          )?.[1];
          return (named ?? input.type) === type;
        }),
    },
  },
};

/**
 * What fhirpath.js cannot run as it is written in R4, by text so that this room's parser has no part in it. The operands of
 * a union are run one by one: `|` there takes decimals below 1e-8 for equal, and drops all but one of them.
 */
const adapted = (expression: string): readonly string[] =>
  expression.split(/\s*\|\s*/).map((operand) =>
    operand
      .replace(/\(([\w.]+) as (\w+)\)/g, '$1.ofType($2)')
      .replace(/^([\w.]+) as (\w+)$/g, '$1.ofType($2)')
      .replace(/\.as\(/g, '.ofType(')
      .replace(/resolve\(\) is (\w+)/g, "pointsTo('$1')")
      .replace(/hasExtension\(('[^']*')\)/g, 'extension($1).exists()'),
  );

/** Names of the oracle's types in FHIR's words; a System.String is only `Resource.id`. */
const typeCode = (name = ''): string =>
  ({ 'System.Boolean': 'boolean', 'System.String': 'id' })[name] ?? name.replace('FHIR.', '');

/** A value and its type as text. Backbone elements have only a general type there. */
const show = (value: unknown, type: string): string =>
  `${type.includes('.') ? 'BackboneElement' : type} ${JSON.stringify(value)}`;

const resourcesByType = examples();

describe.each([...resourcesByType.keys()])('%s', (type) => {
  const resources = resourcesByType.get(type) ?? [];
  const withExpression = [...parameters.forType(type).values()].filter(({ expression }) => expression);

  test.each(withExpression.map(({ code, expression = '' }) => [code, expression]))('%s', (_code, expression) => {
    const path = compilePath(expression, type, definitions.elements);
    const runs = adapted(expression).map((operand) => oracle.compile(operand, model, options));
    for (const resource of resources) {
      const found: string[] = [];
      path?.evaluate(resource, (value, valueType) => {
        // A resource within a resource has its own type there.
        const inline = valueType === 'Resource' ? (value as Resource).resourceType : valueType;
        found.push(show(value, inline));
      });
      const expected = runs.flatMap((run) => [...run(resource)]);
      const types = oracle.types(expected).map(typeCode);
      expect(found).toEqual(oracle.resolveInternalTypes(expected).map((value, at) => show(value, types[at] ?? '')));
    }
  });
});

test('every type of R4 that has official examples is covered', () => {
  const without = [...definitions.resourceTypes.keys()].filter((type) => !resourcesByType.has(type));
  expect(without).toEqual([
    'Parameters',
    'SubstanceNucleicAcid',
    'SubstancePolymer',
    'SubstanceProtein',
    'SubstanceReferenceInformation',
    'SubstanceSourceMaterial',
  ]);
});
