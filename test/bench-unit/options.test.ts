import { describe, expect, test } from '@jest/globals';
import { readOptions } from '../bench/options.ts';

describe('readOptions', () => {
  test('measures everything but the searches by themselves unless told otherwise', () => {
    expect(readOptions([])).toEqual({
      workloads: ['read', 'search', 'update', 'create', 'transaction'],
      samples: ['validate', 'start', 'memory'],
      seconds: 10,
      warmUpSeconds: 3,
      rounds: 3,
      connections: 32,
      patients: 2_000,
      build: 'build',
    });
  });

  test('takes names in the order of the table, each once', () => {
    expect(readOptions(['create', 'memory', 'read', 'create'])).toMatchObject({
      workloads: ['read', 'create'],
      samples: ['memory'],
    });
  });

  test('knows a name for all searches', () => {
    const { workloads = [] } = readOptions(['search:all']) ?? {};
    expect(workloads.length).toBeGreaterThan(5);
    expect(workloads.every((name) => name.startsWith('search:'))).toBe(true);
  });

  test('reads what to compare with and where to write', () => {
    const given = [
      'read',
      '--compare',
      'main',
      '--json',
      'a.json',
      '--markdown',
      'a.md',
      '--seconds',
      '2',
      '--skip-build',
    ];
    expect(readOptions(given)).toMatchObject({
      compare: 'main',
      json: 'a.json',
      markdown: 'a.md',
      seconds: 2,
      build: 'as built',
    });
  });

  test('asks for nothing when asked for help', () => {
    expect(readOptions(['--help'])).toBeUndefined();
  });

  test.each([[['reed']], [['--seconds', '0']], [['--seconds', 'ten']], [['--rounds', '1.5']], [['--faster']]])(
    'refuses %j',
    (parameters) => {
      expect(() => readOptions(parameters)).toThrow(expect.objectContaining({ name: 'UsageError' }));
    },
  );
});
