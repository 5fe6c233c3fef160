import { describe, expect, test } from '@jest/globals';
import { createAccess } from '../../src/auth/access.ts';

const accessOf = createAccess(new Set(['Patient', 'Observation', 'AuditEvent']));
const withScopes = (...scopes: string[]) => accessOf({ agent: 'a', client: 'c', scopes });

describe('permits', () => {
  test.each([
    ['system/Patient.r', 'read', 'Patient', true],
    ['system/Patient.r', 'vread', 'Patient', true],
    ['system/Patient.r', 'history-instance', 'Patient', true],
    ['system/Patient.r', 'search-type', 'Patient', false],
    ['system/Patient.r', 'history-type', 'Patient', false],
    ['system/Patient.s', 'search-type', 'Patient', true],
    ['system/Patient.s', 'history-type', 'Patient', true],
    ['system/Patient.s', 'read', 'Patient', false],
    ['system/Patient.r', 'read', 'Observation', false],
    ['system/Patient.c', 'create', 'Patient', true],
    ['system/Patient.u', 'create', 'Patient', false],
    ['system/Patient.u', 'update', 'Patient', true],
    ['system/Patient.u', 'update-as-create', 'Patient', false],
    ['system/Patient.cu', 'update-as-create', 'Patient', true],
    ['system/Patient.u', 'patch', 'Patient', true],
    ['system/Patient.d', 'delete', 'Patient', true],
    ['system/Patient.cru', 'delete', 'Patient', false],
    ['system/Patient.c', 'conditional-create', 'Patient', false],
    ['system/Patient.cs', 'conditional-create', 'Patient', true],
    ['system/Patient.us', 'conditional-update', 'Patient', false],
    ['system/Patient.cus', 'conditional-update', 'Patient', true],
    ['system/Patient.us', 'conditional-patch', 'Patient', true],
    ['system/Patient.d', 'conditional-delete', 'Patient', false],
    ['system/Patient.ds', 'conditional-delete', 'Patient', true],
    ['system/*.rs', 'read', 'Observation', true],
    ['system/*.rs', 'search-system', undefined, true],
    // which types it is about is checked when they are known
    ['system/Patient.rs', 'search-system', undefined, true],
    ['system/*.rs', 'history-system', undefined, true],
    ['user/*.read', 'search-type', 'Observation', true],
    ['user/Patient.write', 'delete', 'Patient', true],
    ['patient/*.cruds', 'read', 'Patient', false],
    ['nonsense', 'read', 'Patient', false],
    ['system/Unknown.r', 'read', 'Unknown', false],
    ['system/*.cruds', '$everything', 'Patient', false],
    ['system/*.cruds', 'constructor', 'Patient', false],
    ['nonsense', 'capabilities', undefined, true],
  ])('%s: %s of %s is %s', (scope, interaction, type, allowed) => {
    expect(withScopes(scope).permits(interaction, type)).toBe(allowed);
  });

  test('joins scopes of one type and of all types', () => {
    const access = withScopes('system/Patient.c', 'system/*.s');
    expect(access.permits('conditional-create', 'Patient')).toBe(true);
    expect(access.permits('conditional-create', 'Observation')).toBe(false);
  });

  test.each([
    ['system/AuditEvent.rs', true],
    ['system/*.rs', true],
    ['user/*.rs', false],
    ['user/AuditEvent.rs', false],
    ['system/Patient.rs', false],
  ])('the audit log with %s: %s', (scope, allowed) => {
    expect(withScopes(scope).permits('search-type', 'AuditEvent')).toBe(allowed);
    expect(withScopes(scope).permits('read', 'AuditEvent')).toBe(allowed);
  });
});

test.each([
  [['system/Patient.r'], true],
  [['user/*.s'], true],
  [['patient/*.cruds'], false],
  [['nonsense'], false],
  [[], false],
])('a batch with %j may be looked into: %s', (scopes, allowed) => {
  expect(withScopes(...scopes).permitsAny()).toBe(allowed);
  expect(withScopes(...scopes).permits('transaction')).toBe(allowed);
});

test('works out the access of a caller once', () => {
  const caller = { agent: 'a', client: 'c', scopes: ['system/*.rs'] };
  expect(accessOf(caller)).toBe(accessOf(caller));
});
