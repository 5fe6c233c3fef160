import { describe, expect, it } from '@jest/globals';
import { ConfigError, readClientSettings, readConfig, settings, withPort } from '../src/config.ts';

describe('readConfig', () => {
  it('has a default for everything', () => {
    expect(readConfig({})).toEqual({
      host: '127.0.0.1',
      port: 8080,
      databaseUrl: undefined,
      migrationUrl: undefined,
      dataDirectory: '.vesta',
      adminToken: undefined,
      baseUrl: 'http://localhost:8080/fhir',
      rateLimitPerClient: 6_000,
      rateLimitPerAddress: 12_000,
      bodyLimit: 5_242_880,
      fullText: 'text',
      bundleLimit: 52_428_800,
      searchTimeoutMs: 30_000,
      shutdownMs: 25_000,
      poolSize: 10,
      trustProxy: false,
      logLevel: 'info',
      terminologyUrl: undefined,
      terminologyToken: undefined,
      terminologyTimeoutMs: 3_000,
      references: 'off',
      referencesOnDelete: 'off',
      unknownProfiles: 'warning',
      requiredProfiles: new Map(),
    });
  });

  it('cannot be changed afterwards', () => {
    expect(Object.isFrozen(readConfig({}))).toBe(true);
    expect(Object.isFrozen(withPort(readConfig({}), 1))).toBe(true);
  });

  it.each([
    ['PORT', '9000', { port: 9_000, baseUrl: 'http://localhost:9000/fhir' }],
    ['HOST', '0.0.0.0', { host: '0.0.0.0' }],
    ['DATABASE_URL', 'postgresql://u:p@h/d', { databaseUrl: 'postgresql://u:p@h/d' }],
    ['VESTA_DATA_DIR', '/var/lib/vesta', { dataDirectory: '/var/lib/vesta' }],
    ['VESTA_ADMIN_TOKEN', 'a'.repeat(32), { adminToken: 'a'.repeat(32) }],
    ['VESTA_BASE_URL', 'https://fhir.example.org/r4/', { baseUrl: 'https://fhir.example.org/r4' }],
    ['VESTA_RATE_LIMIT', '60', { rateLimitPerClient: 60, rateLimitPerAddress: 12_000 }],
    ['VESTA_RATE_LIMIT', 'off', { rateLimitPerClient: 'off', rateLimitPerAddress: 'off' }],
    ['VESTA_RATE_LIMIT_IP', 'off', { rateLimitPerClient: 6_000, rateLimitPerAddress: 'off' }],
    ['VESTA_BODY_LIMIT', '2048', { bodyLimit: 2_048 }],
    ['VESTA_BUNDLE_LIMIT', '4096', { bundleLimit: 4_096 }],
    ['VESTA_SEARCH_TIMEOUT_MS', '500', { searchTimeoutMs: 500 }],
    ['VESTA_SHUTDOWN_MS', '0', { shutdownMs: 0 }],
    ['VESTA_POOL_SIZE', '4', { poolSize: 4 }],
    ['VESTA_UNKNOWN_PROFILES', 'error', { unknownProfiles: 'error' }],
    ['VESTA_TERMINOLOGY_URL', 'https://tx.example/r4/', { terminologyUrl: 'https://tx.example/r4' }],
    ['VESTA_TERMINOLOGY_TOKEN', 'secret', { terminologyToken: 'secret' }],
    ['VESTA_TERMINOLOGY_TIMEOUT_MS', '500', { terminologyTimeoutMs: 500 }],
    ['VESTA_REFERENCES', 'warn', { references: 'warn' }],
    ['VESTA_REFERENCES_ON_DELETE', 'check', { referencesOnDelete: 'check' }],
    [
      'VESTA_REQUIRED_PROFILES',
      'Patient=http://a.example/p|1, Patient=http://a.example/q',
      { requiredProfiles: new Map([['Patient', ['http://a.example/p|1', 'http://a.example/q']]]) },
    ],
    ['VESTA_TRUST_PROXY', 'loopback, 10.0.0.0/8,::1', { trustProxy: 'loopback, 10.0.0.0/8,::1' }],
    ['VESTA_LOG_LEVEL', 'silent', { logLevel: 'silent' }],
  ])('reads %s=%s', (variable, text, expected) => {
    expect(readConfig({ [variable]: text })).toMatchObject(expected);
  });

  it.each(Object.values(settings).map(({ variable }) => [variable]))('takes an empty %s for unset', (variable) => {
    expect(readConfig({ [variable]: ' ' })).toEqual(readConfig({}));
  });

  it.each([
    ['PORT', '65536'],
    ['PORT', '80.5'],
    ['PORT', '0x50'],
    ['PORT', '-1'],
    ['DATABASE_URL', 'mysql://secret@host/db'],
    ['DATABASE_URL', 'host=secret'],
    ['DATABASE_MIGRATION_URL', 'secret'],
    ['VESTA_ADMIN_TOKEN', 'too-short-secret'],
    ['VESTA_ADMIN_TOKEN', `secret with spaces ${'x'.repeat(40)}`],
    ['VESTA_BASE_URL', 'secret/fhir'],
    ['VESTA_BASE_URL', 'ftp://secret/fhir'],
    ['VESTA_BASE_URL', 'https://secret/fhir?a=b'],
    ['VESTA_BASE_URL', 'https://secret@example.org/fhir'],
    ['VESTA_RATE_LIMIT', '0'],
    ['VESTA_RATE_LIMIT', 'none'],
    ['VESTA_RATE_LIMIT_IP', 'secret'],
    ['VESTA_BODY_LIMIT', '5MB'],
    ['VESTA_SEARCH_TIMEOUT_MS', '1'],
    ['VESTA_POOL_SIZE', '0'],
    ['VESTA_TRUST_PROXY', 'true'],
    ['VESTA_TRUST_PROXY', 'secret.example.org'],
    ['VESTA_TRUST_PROXY', '10.0.0.0/999'],
    ['VESTA_LOG_LEVEL', 'verbose'],
  ])('refuses %s=%s by the name of the variable, without its value', (variable, text) => {
    const read = () => readConfig({ [variable]: text });
    expect(read).toThrow(ConfigError);
    expect(read).toThrow(variable);
    expect(read).not.toThrow('secret');
  });

  it('wants a database where there is an owner of it', () => {
    expect(() => readConfig({ DATABASE_MIGRATION_URL: 'postgres://owner@host/db' })).toThrow('DATABASE_URL');
  });
});

describe('settings', () => {
  it('explains every setting in one line', () => {
    for (const { variable, fallback, meaning } of Object.values(settings)) {
      expect(variable).toMatch(/^[A-Z_]+$/);
      expect(`${fallback} ${meaning}`).toMatch(/^[^\n]{10,200}$/);
    }
  });

  it.each([
    ['port', 'PORT'],
    ['bodyLimit', 'VESTA_BODY_LIMIT'],
    ['bundleLimit', 'VESTA_BUNDLE_LIMIT'],
    ['rateLimitPerClient', 'VESTA_RATE_LIMIT'],
    ['searchTimeoutMs', 'VESTA_SEARCH_TIMEOUT_MS'],
    ['shutdownMs', 'VESTA_SHUTDOWN_MS'],
    ['poolSize', 'VESTA_POOL_SIZE'],
    ['host', 'HOST'],
    ['dataDirectory', 'VESTA_DATA_DIR'],
    ['logLevel', 'VESTA_LOG_LEVEL'],
  ] as const)('tells the true default of %s', (name, variable) => {
    expect(settings[name].fallback).toBe(String(readConfig({})[name]));
    expect(settings[name].variable).toBe(variable);
  });
});

describe('withPort', () => {
  it('puts a port that was found into the base URL', () => {
    expect(withPort(readConfig({ PORT: '0' }), 4_711)).toMatchObject({
      port: 4_711,
      baseUrl: 'http://localhost:4711/fhir',
    });
  });

  it('leaves a base URL that was given', () => {
    const given = readConfig({ PORT: '0', VESTA_BASE_URL: 'https://example.org/fhir' });
    expect(withPort(given, 4_711).baseUrl).toBe('https://example.org/fhir');
  });
});

describe('readClientSettings', () => {
  const admin = 'a'.repeat(32);
  it.each([
    [{ VESTA_TOKEN: 'mine', VESTA_ADMIN_TOKEN: admin }, 'mine'],
    [{ VESTA_ADMIN_TOKEN: admin }, admin],
    [{}, undefined],
  ])('takes the token from %j', (environment, token) => {
    expect(readClientSettings(environment).token).toBe(token);
  });
});
