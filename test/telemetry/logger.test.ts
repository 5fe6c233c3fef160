import { describe, expect, test } from '@jest/globals';
import { createLogger } from '../../src/telemetry/logger.ts';
import type { Observation } from '../../src/telemetry/observation.ts';

function linesOf(level: 'info' | 'error' | 'silent', ...observations: Observation[]): Record<string, unknown>[] {
  const lines: string[] = [];
  const log = createLogger({ level, destination: { write: (line) => void lines.push(line) } });
  for (const observation of observations) log(observation);
  return lines.map((line) => JSON.parse(line) as Record<string, unknown>);
}

const finished = (status: number): Observation => ({
  kind: 'request-finished',
  requestId: 'r1',
  method: 'GET',
  route: '/:type/:id',
  status,
  milliseconds: 1.25,
});

describe('createLogger', () => {
  test('writes an observation as one line of JSON', () => {
    expect(linesOf('info', finished(200))).toEqual([
      {
        level: 'info',
        time: expect.stringMatching(/^\d{4}-.*Z$/),
        requestId: 'r1',
        method: 'GET',
        route: '/:type/:id',
        status: 200,
        milliseconds: 1.25,
        msg: 'request-finished',
      },
    ]);
  });

  test.each<[Observation, string]>([
    [finished(404), 'info'],
    [finished(503), 'warn'],
    [{ kind: 'audit-failed', records: 3, error: new Error('x') }, 'error'],
    [{ kind: 'database-lost', error: new Error('x') }, 'error'],
    [{ kind: 'database-regained' }, 'info'],
    [{ kind: 'unexpected-error', requestId: 'r1', error: new Error('x') }, 'error'],
    [{ kind: 'server-started', url: 'http://localhost:8080/fhir' }, 'info'],
  ])('%j is written as %s', (observation, level) => {
    expect(linesOf('info', observation)[0]?.['level']).toBe(level);
  });

  test('writes nothing below its level', () => {
    expect(linesOf('error', finished(200))).toEqual([]);
    expect(linesOf('silent', { kind: 'database-lost', error: new Error('x') })).toEqual([]);
  });

  test('never writes what an error says, only what and where it was', () => {
    const canary = 'Wolfeschlegelsteinhausen';
    const error = Object.assign(new Error(`value ${canary}\n    at ${canary} (x.ts:1:1)`), {
      code: '23505',
      detail: `Key (name)=(${canary}) exists`,
      where: canary,
      parameters: [canary],
      cause: new SyntaxError(`Unexpected token in ${canary}`),
    });
    const [line] = linesOf('info', { kind: 'unexpected-error', requestId: 'r1', error });
    expect(JSON.stringify(line)).not.toContain(canary);
    expect(line?.['error']).toMatchObject({ name: 'Error', code: '23505', cause: { name: 'SyntaxError' } });
    expect(line?.['error']).toHaveProperty('frames.0', expect.stringContaining('logger.test.ts'));
  });

  test('keeps control characters out of the terminal', () => {
    const lines: string[] = [];
    const log = createLogger({ level: 'info', destination: { write: (line) => void lines.push(line) } });
    log({ kind: 'server-stopping', reason: 'a\r\nb\u001b[31m' });
    expect(lines).toHaveLength(1);
    // oxlint-disable-next-line no-control-regex -- control characters are what this is about
    expect(lines[0]?.trimEnd()).not.toMatch(/[\u0000-\u001f]/);
  });
});
