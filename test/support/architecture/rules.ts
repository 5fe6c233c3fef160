/** The rules of the house, each a function from all sources to what breaks it. ARCHITECTURE.md says why they are there. */
import { findCycle } from './find-cycle.ts';
import type { Import, Source } from './source.ts';

/** A file and what is wrong with it, in a sentence for who wrote it. */
export type Violation = string;
export type Rule = (sources: readonly Source[]) => readonly Violation[];

/** The room of a file: its folder, or the file itself at the top. */
const roomOf = (file: string): string => (file.includes('/') ? file.slice(0, file.indexOf('/')) : file);

/** Rooms and files that compute and do nothing else. */
function isPure(file: string): boolean {
  const rooms = ['fhir', 'json', 'fhirpath', 'terminology', 'profiles', 'search', 'validation', 'patch', 'audit'];
  return rooms.includes(roomOf(file)) || ['auth/access.ts', 'auth/scopes.ts'].includes(file);
}

const purePackages = [
  'node:crypto',
  'node:buffer',
  'node:util',
  'ajv',
  'fhirpath',
  'drizzle-orm',
  'drizzle-orm/pg-core',
];
/** Computing files that may load a package by themselves: it takes long, few requests need it, and waiting is not allowed. */
const lateLoaders: ReadonlySet<string> = new Set(['fhirpath/interpreted-path.ts', 'fhir/ucum.ts']);
const expressPackages = ['express', 'helmet', 'express-rate-limit', 'compression', 'body-parser'];
const databaseRooms: ReadonlySet<string> = new Set(['store', 'runtime', 'cli']);
const maximumLines = 300;

const isPackage = (specifier: string, names: readonly string[]) =>
  names.some((name) => specifier === name || specifier.startsWith(`${name}/`));

/** A rule about each import of each file. */
function importRule(complaint: (source: Source, one: Import) => string | undefined): Rule {
  return (sources) =>
    sources.flatMap((source) =>
      source.imports.flatMap((one) => {
        const reason = complaint(source, one);
        return reason === undefined ? [] : [`${source.file} imports ${one.specifier}: ${reason}`];
      }),
    );
}

/** A rule about each file. */
function fileRule(complaint: (source: Source) => string | undefined): Rule {
  return (sources) =>
    sources.flatMap((source) => {
      const reason = complaint(source);
      return reason === undefined ? [] : [`${source.file}: ${reason}`];
    });
}

const pureRoomsImportNoIo = importRule(({ file }, { specifier, file: target, isType }) => {
  if (!isPure(file) || target !== undefined || isType) return undefined;
  if (lateLoaders.has(file) && specifier === 'node:module') return undefined;
  const allowed = purePackages.includes(specifier) || isPackage(specifier, ['ajv', 'fhirpath']);
  return allowed ? undefined : `a room that computes may import ${purePackages.join(', ')} and nothing else`;
});

const pureRoomsCallNoIo = fileRule(({ file, calls }) => {
  const found = ['fetch', 'setTimeout', 'setInterval', 'setImmediate'].find((name) => calls.has(name));
  return isPure(file) && found !== undefined ? `a room that computes calls ${found}` : undefined;
});

const pureRoomsAreSynchronous = fileRule(({ file, isAsync }) =>
  isPure(file) && isAsync ? 'a room that computes awaits nothing' : undefined,
);

const expressStaysInHttp = importRule(({ file }, { specifier }) =>
  isPackage(specifier, expressPackages) && roomOf(file) !== 'http' ? 'Express lives in http/' : undefined,
);

/** Types of connections may be named where the rooms are joined. */
const databaseStaysInStore = importRule(({ file }, { specifier, isType }) => {
  const runs = isPackage(specifier, [
    'pg',
    'drizzle-orm/node-postgres',
    'drizzle-orm/migrator',
    'drizzle-orm/pg-proxy',
  ]);
  const isJoint = isType && !file.includes('/');
  return runs && !isJoint && !databaseRooms.has(roomOf(file)) ? 'SQL is run in store/' : undefined;
});

const queriesStayInStore = fileRule(({ file, calls }) =>
  calls.has('.query') && !databaseRooms.has(roomOf(file)) ? 'SQL is run in store/' : undefined,
);

const environmentIsConfigs = fileRule(({ file, environment, imports }) => {
  if (file === 'config.ts' || roomOf(file) === 'tooling') return undefined;
  const isEdge = file === 'main.ts' || roomOf(file) === 'cli';
  const isImported = imports.some(({ specifier }) => ['process', 'node:process'].includes(specifier));
  if (environment === 'read' || isImported) return 'the environment is read in config.ts';
  return environment === 'handed on' && !isEdge ? 'only main.ts and cli/ hand the environment on' : undefined;
});

const storeIsBehindPorts = importRule(({ file }, { file: target = '' }) => {
  if (roomOf(target) !== 'store') return undefined;
  if (['store', 'runtime', 'cli', 'app.ts', 'server.ts'].includes(roomOf(file))) return undefined;
  const isTables = target === 'store/tables.ts' && roomOf(file) === 'search';
  return isTables ? undefined : 'store/ is seen through ports.ts; only search/ may name tables, to build SQL';
});

/** Whom each room may import beside itself and ports.ts, in the order of dependence. */
const layers: Readonly<Record<string, readonly string[]>> = {
  fhir: [],
  'ports.ts': ['fhir', 'json'],
  'index-ports.ts': ['ports.ts'],
  'search-ports.ts': ['fhir'],
  'setting-values.ts': [],
  'config.ts': ['setting-values.ts'],
  json: ['fhir'],
  fhirpath: ['fhir', 'json'],
  definitions: ['fhir', 'json'],
  telemetry: ['fhir'],
  search: ['fhir', 'json', 'fhirpath', 'store'],
  terminology: ['fhir', 'json'],
  profiles: ['fhir', 'json', 'fhirpath'],
  validation: ['fhir', 'json', 'fhirpath', 'profiles'],
  patch: ['fhir', 'json', 'fhirpath'],
  audit: ['fhir', 'json'],
  auth: ['fhir'],
  conformance: ['fhir', 'json', 'profiles', 'terminology'],
  guides: ['fhir', 'json', 'profiles'],
  indexing: ['fhir', 'json', 'search', 'telemetry'],
  'remote-terminology': ['fhir', 'json', 'telemetry'],
  bulk: ['fhir', 'json', 'definitions', 'terminology', 'profiles', 'validation'],
  store: ['fhir', 'json', 'auth', 'audit', 'telemetry'],
  interactions: [
    'fhir',
    'json',
    'fhirpath',
    'search',
    'terminology',
    'validation',
    'patch',
    'auth',
    'audit',
    'operations',
  ],
  operations: [
    'fhir',
    'json',
    'fhirpath',
    'search',
    'terminology',
    'profiles',
    'validation',
    'auth',
    'audit',
    'interactions',
  ],
  jobs: ['fhir', 'json', 'search', 'audit', 'interactions', 'operations'],
  http: ['fhir', 'json', 'validation', 'auth', 'audit', 'interactions', 'operations', 'telemetry'],
  'services.ts': ['config.ts', 'fhir', 'definitions', 'search', 'validation', 'store', 'interactions'],
  'app.ts': [
    'config.ts',
    'services.ts',
    'indexing',
    'fhir',
    'json',
    'fhirpath',
    'definitions',
    'telemetry',
    'search',
    'terminology',
    'profiles',
    'conformance',
    'remote-terminology',
    'validation',
    'patch',
    'audit',
    'auth',
    'store',
    'interactions',
    'operations',
    'jobs',
    'http',
  ],
  runtime: ['config.ts', 'store', 'telemetry'],
  'server.ts': ['config.ts', 'app.ts', 'runtime', 'telemetry'],
  cli: [
    'config.ts',
    'fhir',
    'json',
    'auth',
    'definitions',
    'guides',
    'bulk',
    'terminology',
    'profiles',
    'validation',
    'store',
    'runtime',
    'server.ts',
  ],
  'main.ts': ['config.ts', 'cli'],
  tooling: ['fhir', 'json', 'fhirpath', 'definitions', 'search', 'terminology', 'profiles', 'validation'],
};

const isDoor = (room: string): boolean => ['ports.ts', 'index-ports.ts', 'search-ports.ts'].includes(room);

const roomsAreLayered = importRule(({ file }, { file: target }) => {
  if (target === undefined) return undefined;
  const [from, to] = [roomOf(file), roomOf(target)];
  const allowed = layers[from];
  if (!allowed) return `${from} has no place among the layers: give it one`;
  if (from === to || allowed.includes(to) || (isDoor(to) && from !== 'fhir')) return undefined;
  return `${from} may import ${allowed.join(', ') || 'nothing'}`;
});

const filesAreShort = fileRule(({ lines }) =>
  lines > maximumLines ? `${lines} lines; a file has at most ${maximumLines}` : undefined,
);

const modulesHaveNoState = fileRule(({ moduleVariables }) =>
  moduleVariables.length > 0 ? `${moduleVariables.join(', ')} can change in module scope` : undefined,
);

const nothingIsCyclic: Rule = (sources) => {
  const cycle = findCycle(
    new Map(sources.map(({ file, imports }) => [file, imports.flatMap(({ file: target }) => target ?? [])])),
  );
  return cycle ? [`${cycle.join(' → ')}: a cycle of imports`] : [];
};

export const rules: Readonly<Record<string, Rule>> = {
  'no import leads back to itself': nothingIsCyclic,
  'rooms import only those below them': roomsAreLayered,
  'rooms that compute import no IO': pureRoomsImportNoIo,
  'rooms that compute call no IO': pureRoomsCallNoIo,
  'rooms that compute are synchronous': pureRoomsAreSynchronous,
  'Express stays in http/': expressStaysInHttp,
  'database drivers stay in store/, runtime/ and cli/': databaseStaysInStore,
  'SQL is run in store/, runtime/ and cli/': queriesStayInStore,
  'store/ is seen through ports.ts': storeIsBehindPorts,
  'the environment is read in config.ts': environmentIsConfigs,
  'modules have no state': modulesHaveNoState,
  'files are short': filesAreShort,
};
