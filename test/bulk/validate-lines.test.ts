import { describe, expect, it } from '@jest/globals';
import { validateLines } from '../../src/bulk/validate-lines.ts';
import { bundledValidator } from '../support/validator.ts';

const validate = bundledValidator();
const report = (text: string | Uint8Array, level: 'error' | 'warning' = 'error') =>
  validateLines(Buffer.from(text as string), validate, { level });

describe('validateLines', () => {
  it('counts lines and resources, and tells what is wrong in which line', () => {
    const text = [
      '{"resourceType":"Patient"}',
      '',
      '{"resourceType":"Patient","gender":"x"}',
      '{"resourceType":"Patient"',
      '{"resourceType":"Patient","id":"a","id":"b"}',
    ].join('\n');
    const { lines, resources, invalid, found } = report(text);
    expect({ lines, resources, invalid }).toEqual({ lines: 5, resources: 4, invalid: 3 });
    expect(found.map(({ line, issues }) => [line, issues[0]?.code])).toEqual([
      [2, 'code-invalid'],
      [3, 'structure'],
      [4, 'structure'],
    ]);
  });

  it('tells warnings when they are wanted, which make nothing invalid', () => {
    const { invalid, found } = report('{"resourceType":"Patient"}\n', 'warning');
    expect([invalid, found[0]?.issues[0]?.severity]).toEqual([0, 'warning']);
  });

  it('counts lines beyond those it tells of', () => {
    const { invalid, found } = report('{"resourceType":"Patient","gender":"x"}\n'.repeat(300));
    expect([invalid, found.length]).toEqual([300, 200]);
  });

  it('refuses what is no UTF-8', () => {
    expect(report(new Uint8Array([0x7b, 0xff, 0x0a])).invalid).toBe(1);
  });
});
