import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { readScope, unsupportedScopes } from '../../src/auth/scopes.ts';

const types = new Set(['Patient', 'Observation', 'AuditEvent']);

describe('readScope', () => {
  test.each([
    ['system/*.cruds', 'system', '*', 'cruds'],
    ['user/Observation.rs', 'user', 'Observation', 'rs'],
    ['patient/Patient.r', 'patient', 'Patient', 'r'],
    ['system/Patient.cd', 'system', 'Patient', 'cd'],
    ['user/*.read', 'user', '*', 'rs'],
    ['user/Patient.write', 'user', 'Patient', 'cud'],
    ['system/Patient.*', 'system', 'Patient', 'cruds'],
  ])('%s', (text, context, type, permissions) => {
    expect(readScope(text, types)).toEqual({ scope: { context, type, permissions } });
  });

  test.each([
    '',
    '/',
    'openid',
    'launch/patient',
    'system',
    'system/',
    'system/Patient',
    'system/Patient.',
    'system/.rs',
    'system/patient.rs',
    'system/Unknown.rs',
    'System/Patient.rs',
    'system/Patient.rr',
    'system/Patient.sr',
    'system/Patient.crudsx',
    'system/Patient.read-only',
    'system/Patient.reads',
    'system/Patient.constructor',
    'system/Patient.toString',
    'system/Patient.rs ',
    ' system/Patient.rs',
    'system/Patient.rs?category=laboratory',
    'system/Patient?.rs',
    'system/*.*.rs',
    'system//Patient.rs',
    'system/**.rs',
    'system/Patient.r\u0000',
  ])('refuses %j', (text) => {
    expect(readScope(text, types).scope).toBeUndefined();
    expect(readScope(text, types).problem).toEqual(expect.any(String));
  });

  test('accepts exactly what the grammar allows', () => {
    const grammar = /^(patient|user|system)\/(\*|Patient|Observation|AuditEvent)\.(?=.)(read|write|\*|c?r?u?d?s?)$/;
    const near = fc
      .tuple(
        fc.constantFrom('patient', 'user', 'system', 'sys', ''),
        fc.constantFrom('/', '', '//'),
        fc.constantFrom('*', 'Patient', 'Observation', 'Patient*', ''),
        fc.constantFrom('.', '', '?'),
        fc.oneof(
          fc.constantFrom('read', 'write', '*'),
          fc.array(fc.constantFrom('c', 'r', 'u', 'd', 's', 'x'), { maxLength: 6 }).map((letters) => letters.join('')),
        ),
      )
      .map((parts) => parts.join(''));
    fc.assert(
      fc.property(fc.oneof(near, fc.string()), (text) => {
        expect(readScope(text, types).scope !== undefined).toBe(grammar.test(text));
      }),
      { numRuns: 2000 },
    );
  });
});

describe('unsupportedScopes', () => {
  test('has nothing against scopes that can be honoured', () => {
    expect(unsupportedScopes(['system/*.cruds', 'user/Patient.rs'], types)).toEqual([]);
  });

  test.each([[[]], [['patient/Patient.rs']], [['nonsense']], [['system/Unknown.rs']]])('refuses %j', (scopes) => {
    expect(unsupportedScopes(scopes, types)).toHaveLength(1);
  });

  test('says why for each', () => {
    expect(unsupportedScopes(['patient/*.rs', 'system/*.rs', 'x'], types)).toEqual([
      'patient/*.rs: Access confined to one patient is not supported yet',
      'x: A scope starts with patient/, user/ or system/',
    ]);
  });
});
