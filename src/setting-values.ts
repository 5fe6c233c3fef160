/** How the texts of the environment become values, each checked. */
import { isIP } from 'node:net';

/** Thrown for a setting that cannot be used; names the variable, never its value, which may be a secret. */
export class ConfigError extends Error {
  constructor(variable: string, expected: string) {
    super(`${variable} must be ${expected}`);
    this.name = 'ConfigError';
  }
}

export type Read<Value> = (text: string | undefined, variable: string) => Value;

export function integer(fallback: number, minimum: number, maximum: number): Read<number> {
  return (text = String(fallback), variable) => {
    const value = Number(text);
    if (/^\d{1,15}$/.test(text) && value >= minimum && value <= maximum) return value;
    throw new ConfigError(variable, `a whole number from ${minimum} to ${maximum}`);
  };
}

export function rateLimit(fallback: number): Read<number | 'off'> {
  const readNumber = integer(fallback, 1, 1e9);
  return (text, variable) => {
    if (text === 'off') return text;
    try {
      return readNumber(text, variable);
    } catch {
      throw new ConfigError(variable, 'a whole number above 0, or off');
    }
  };
}

export const databaseUrl: Read<string | undefined> = (text, variable) => {
  if (text === undefined) return undefined;
  if (/^postgres(?:ql)?:\/\//.test(text) && URL.canParse(text)) return text;
  throw new ConfigError(variable, 'a URL that begins with postgres:// or postgresql://');
};

export const baseUrl: Read<string | undefined> = (text, variable) => {
  if (text === undefined) return undefined;
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url && /^https?:$/.test(url.protocol) && !url.search && !url.hash && !url.username)
    return text.replace(/\/+$/, '');
  throw new ConfigError(variable, 'an http or https URL without query, fragment and user');
};

export const adminToken: Read<string | undefined> = (text, variable) => {
  if (text === undefined || /^[\w.~+/-]{32,512}=*$/.test(text)) return text;
  throw new ConfigError(variable, '32 to 512 letters, digits or -._~+/ (as from `openssl rand -hex 32`)');
};

const proxyNames = new Set(['loopback', 'linklocal', 'uniquelocal']);

export const trustProxy: Read<string | false> = (text, variable) => {
  if (text === undefined || text === 'off') return false;
  const parts = text.split(',').map((part) => part.trim());
  const known = ([address = '', bits = '0']: string[]) =>
    proxyNames.has(address) || (isIP(address) > 0 && /^\d{1,3}$/.test(bits) && Number(bits) <= 128);
  if (parts.every((part) => known(part.split('/')))) return text;
  throw new ConfigError(variable, 'off, or a list of addresses, subnets, loopback, linklocal and uniquelocal');
};

export function oneOf<Value extends string>(values: readonly Value[], fallback: Value): Read<Value> {
  return (text = fallback, variable) => {
    const value = values.find((name) => name === text);
    if (value !== undefined) return value;
    throw new ConfigError(variable, `one of ${values.join(', ')}`);
  };
}

/** `Patient=http://…/us-core-patient,Patient=…,Observation=…` */
export const requiredProfiles: Read<ReadonlyMap<string, readonly string[]>> = (text = '', variable) => {
  const required = new Map<string, string[]>();
  for (const pair of text.split(',').filter((part) => part.trim() !== '')) {
    const [, type = '', canonical = ''] = /^\s*([A-Z][A-Za-z]{1,63})=(\S+)\s*$/.exec(pair) ?? [];
    if (type === '') throw new ConfigError(variable, 'a list of Type=canonical, separated by commas');
    required.set(type, [...(required.get(type) ?? []), canonical]);
  }
  return required;
};
