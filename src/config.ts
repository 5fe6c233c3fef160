/** The only reader of the environment: what it says becomes one frozen, checked Config. Every setting stands once in `settings`, which documentation and `vesta start --help` print. */
import {
  adminToken,
  baseUrl,
  ConfigError,
  databaseUrl,
  integer,
  oneOf,
  rateLimit,
  type Read,
  requiredProfiles,
  trustProxy,
} from './setting-values.ts';

export { ConfigError } from './setting-values.ts';

export const logLevels = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'] as const;
export type LogLevel = (typeof logLevels)[number];

export const unknownProfilePolicies = ['error', 'warning', 'ignore'] as const;
export type UnknownProfiles = (typeof unknownProfilePolicies)[number];

export const fullTextLevels = ['off', 'text', 'content'] as const;
export type FullText = (typeof fullTextLevels)[number];

/** Requests a minute, or no limit. */
export type RateLimit = number | 'off';

export interface Config {
  readonly host: string;
  readonly port: number;
  /** The database the API works on; undefined for the embedded one. */
  readonly databaseUrl: string | undefined;
  /** The same database as the owner of its tables; undefined when `databaseUrl` is the owner's. */
  readonly migrationUrl: string | undefined;
  readonly dataDirectory: string;
  readonly adminToken: string | undefined;
  /** What clients call the API, without a slash at its end. */
  readonly baseUrl: string;
  readonly rateLimitPerClient: RateLimit;
  readonly rateLimitPerAddress: RateLimit;
  /** Bytes. */
  readonly bodyLimit: number;
  /** Bytes. */
  readonly bundleLimit: number;
  readonly searchTimeoutMs: number;
  readonly shutdownMs: number;
  readonly poolSize: number;
  /** The proxies whose `X-Forwarded-For` is believed, as Express's `trust proxy` takes them; false for none. */
  readonly trustProxy: string | false;
  readonly logLevel: LogLevel;
  /** Base URL of a terminology server that knows what is not known here. */
  readonly terminologyUrl: string | undefined;
  readonly terminologyToken: string | undefined;
  readonly terminologyTimeoutMs: number;
  /** What `_text` and `_content` can find. */
  readonly fullText: FullText;
  /** Whether what is referred to must exist. */
  readonly references: 'check' | 'warn' | 'off';
  /** Whether something that others refer to may be deleted. */
  readonly referencesOnDelete: 'check' | 'off';
  /** What a claimed profile that is not known here amounts to. */
  readonly unknownProfiles: UnknownProfiles;
  /** For a resource type, the canonicals of profiles that every resource of it must satisfy. */
  readonly requiredProfiles: ReadonlyMap<string, readonly string[]>;
}

type Environment = Readonly<Record<string, string | undefined>>;

interface Setting<Value> {
  readonly variable: string;
  /** The default as text, or what happens without one. */
  readonly fallback: string;
  readonly meaning: string;
  /** Gets undefined when the variable is not set or empty. Throws ConfigError. */
  readonly read: Read<Value>;
}

/** Every setting there is: name, default, meaning. */
export const settings = {
  host: {
    variable: 'HOST',
    fallback: '127.0.0.1',
    meaning: 'Address to listen on; 0.0.0.0 to be reached from other machines (behind a proxy that speaks TLS)',
    read: (text = '127.0.0.1') => text,
  },
  port: {
    variable: 'PORT',
    fallback: '8080',
    meaning: 'Port to listen on; 0 for any that is free',
    read: integer(8080, 0, 65_535),
  },
  databaseUrl: {
    variable: 'DATABASE_URL',
    fallback: 'embedded PostgreSQL',
    meaning: 'PostgreSQL 15 or later to work on; sessions of the API take the role vesta_api in it',
    read: databaseUrl,
  },
  migrationUrl: {
    variable: 'DATABASE_MIGRATION_URL',
    fallback: 'DATABASE_URL',
    meaning: 'The same database as the owner of its tables; DATABASE_URL is then used as it is',
    read: databaseUrl,
  },
  dataDirectory: {
    variable: 'VESTA_DATA_DIR',
    fallback: '.vesta',
    meaning: 'Folder for the embedded PostgreSQL and the generated admin token',
    read: (text = '.vesta') => text,
  },
  adminToken: {
    variable: 'VESTA_ADMIN_TOKEN',
    fallback: 'generated, kept in <data folder>/admin-token',
    meaning: 'Bearer token that may do everything',
    read: adminToken,
  },
  baseUrl: {
    variable: 'VESTA_BASE_URL',
    fallback: 'http://localhost:<PORT>/fhir',
    meaning: 'What clients call the API; in links, Location headers and for telling own references',
    read: baseUrl,
  },
  rateLimitPerClient: {
    variable: 'VESTA_RATE_LIMIT',
    fallback: '6000',
    meaning: 'Requests a minute per client, or off',
    read: rateLimit(6_000),
  },
  rateLimitPerAddress: {
    variable: 'VESTA_RATE_LIMIT_IP',
    fallback: '12000; off when VESTA_RATE_LIMIT is',
    meaning: 'Requests a minute per IP address, before authentication, or off',
    read: (text, variable) => (text === undefined ? undefined : rateLimit(0)(text, variable)),
  },
  bodyLimit: {
    variable: 'VESTA_BODY_LIMIT',
    fallback: '5242880',
    meaning: 'Largest body of a request in bytes',
    read: integer(5 * 1024 ** 2, 1_024, 1024 ** 3),
  },
  bundleLimit: {
    variable: 'VESTA_BUNDLE_LIMIT',
    fallback: '52428800',
    meaning: 'Largest batch or transaction Bundle in bytes',
    read: integer(50 * 1024 ** 2, 1_024, 1024 ** 3),
  },
  searchTimeoutMs: {
    variable: 'VESTA_SEARCH_TIMEOUT_MS',
    fallback: '30000',
    meaning: 'Milliseconds after which a search is given up',
    read: integer(30_000, 10, 3_600_000),
  },
  shutdownMs: {
    variable: 'VESTA_SHUTDOWN_MS',
    fallback: '25000',
    meaning: 'Milliseconds that requests under way get to finish when the server stops',
    read: integer(25_000, 0, 3_600_000),
  },
  poolSize: {
    variable: 'VESTA_POOL_SIZE',
    fallback: '10',
    meaning: 'Database sessions for searches, and as many again for transactions',
    read: integer(10, 1, 1_000),
  },
  trustProxy: {
    variable: 'VESTA_TRUST_PROXY',
    fallback: 'off',
    meaning: 'Proxies whose X-Forwarded-For is believed: addresses, subnets, loopback, linklocal, uniquelocal',
    read: trustProxy,
  },
  logLevel: {
    variable: 'VESTA_LOG_LEVEL',
    fallback: 'info',
    meaning: `Least severe log lines to write: ${logLevels.join(', ')}`,
    read: oneOf(logLevels, 'info'),
  },
  terminologyUrl: {
    variable: 'VESTA_TERMINOLOGY_URL',
    fallback: 'none',
    meaning: 'FHIR terminology server to ask for value sets and code systems that are not known here',
    read: baseUrl,
  },
  terminologyToken: {
    variable: 'VESTA_TERMINOLOGY_TOKEN',
    fallback: 'none',
    meaning: 'Bearer token for the terminology server',
    read: (text) => text,
  },
  terminologyTimeoutMs: {
    variable: 'VESTA_TERMINOLOGY_TIMEOUT_MS',
    fallback: '3000',
    meaning: 'Milliseconds that a write waits for the terminology server at most',
    read: integer(3_000, 10, 60_000),
  },
  fullText: {
    variable: 'VESTA_FULL_TEXT',
    fallback: 'text',
    meaning:
      'Words to find resources by: text (of narratives, for _text), content (of everything, for _content as well), off',
    read: oneOf(fullTextLevels, 'text'),
  },
  references: {
    variable: 'VESTA_REFERENCES',
    fallback: 'off',
    meaning: 'References to resources that are not here: check (refuse them), warn, off',
    read: oneOf(['check', 'warn', 'off'] as const, 'off'),
  },
  referencesOnDelete: {
    variable: 'VESTA_REFERENCES_ON_DELETE',
    fallback: 'off',
    meaning: 'Deletion of what other resources refer to: check (refuse it), off',
    read: oneOf(['check', 'off'] as const, 'off'),
  },
  unknownProfiles: {
    variable: 'VESTA_UNKNOWN_PROFILES',
    fallback: 'warning',
    meaning: `What a profile that a resource claims and nobody knows amounts to: ${unknownProfilePolicies.join(', ')}`,
    read: oneOf(unknownProfilePolicies, 'warning'),
  },
  requiredProfiles: {
    variable: 'VESTA_REQUIRED_PROFILES',
    fallback: 'none',
    meaning: 'Profiles that every resource of a type must satisfy: Type=canonical,Type=canonical',
    read: requiredProfiles,
  },
} as const satisfies Record<keyof Config, Setting<unknown>>;

/** An empty variable counts as not set: compose files and CI systems cannot unset one. */
function valueOf<Value>(environment: Environment, { variable, read }: Setting<Value>): Value {
  return read(environment[variable]?.trim() || undefined, variable);
}

const defaultBaseUrl = (port: number) => `http://localhost:${port}/fhir`;

/** The settings once the port is known, for a server that asked for any that is free. */
export function withPort(config: Config, port: number): Config {
  const isDefault = config.baseUrl === defaultBaseUrl(config.port);
  return Object.freeze({ ...config, port, baseUrl: isDefault ? defaultBaseUrl(port) : config.baseUrl });
}

/** Reads and checks all settings. Throws ConfigError, which names the variable. */
export function readConfig(environment: Environment): Config {
  const of = <Value>(setting: Setting<Value>) => valueOf(environment, setting);
  const port = of(settings.port);
  const perClient = of(settings.rateLimitPerClient);
  const config: Config = {
    host: of(settings.host),
    port,
    databaseUrl: of(settings.databaseUrl),
    migrationUrl: of(settings.migrationUrl),
    dataDirectory: of(settings.dataDirectory),
    adminToken: of(settings.adminToken),
    baseUrl: of(settings.baseUrl) ?? defaultBaseUrl(port),
    rateLimitPerClient: perClient,
    rateLimitPerAddress: of(settings.rateLimitPerAddress) ?? (perClient === 'off' ? 'off' : 12_000),
    bodyLimit: of(settings.bodyLimit),
    bundleLimit: of(settings.bundleLimit),
    searchTimeoutMs: of(settings.searchTimeoutMs),
    shutdownMs: of(settings.shutdownMs),
    poolSize: of(settings.poolSize),
    trustProxy: of(settings.trustProxy),
    logLevel: of(settings.logLevel),
    terminologyUrl: of(settings.terminologyUrl),
    terminologyToken: of(settings.terminologyToken),
    terminologyTimeoutMs: of(settings.terminologyTimeoutMs),
    fullText: of(settings.fullText),
    references: of(settings.references),
    referencesOnDelete: of(settings.referencesOnDelete),
    unknownProfiles: of(settings.unknownProfiles),
    requiredProfiles: of(settings.requiredProfiles),
  };
  if (config.migrationUrl && !config.databaseUrl)
    throw new ConfigError('DATABASE_URL', 'set with DATABASE_MIGRATION_URL');
  return Object.freeze(config);
}

/** What commands that call the API need to know. */
export interface ClientSettings {
  readonly baseUrl: string;
  readonly dataDirectory: string;
  /** VESTA_TOKEN, else VESTA_ADMIN_TOKEN. */
  readonly token: string | undefined;
}

/** Reads them. Throws ConfigError. */
export function readClientSettings(environment: Environment): ClientSettings {
  const { baseUrl, dataDirectory, adminToken } = readConfig(environment);
  return { baseUrl, dataDirectory, token: environment['VESTA_TOKEN']?.trim() || adminToken };
}
