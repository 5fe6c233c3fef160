/** SMART scopes for FHIR resources, version 2 and version 1, read fail-closed. https://hl7.org/fhir/smart-app-launch/STU2.2/scopes-and-launch-context.html */

export type ScopeContext = 'patient' | 'user' | 'system';

/** One scope as granted: `type` is a resource type or `*`, `permissions` are letters of `cruds` in that order. */
export interface Scope {
  readonly context: ScopeContext;
  readonly type: string;
  readonly permissions: string;
}

/** A scope, or why it is none. */
export type ScopeReading =
  | { readonly scope: Scope; readonly problem?: never }
  | { readonly scope?: never; readonly problem: string };

const contexts: ReadonlySet<string> = new Set<ScopeContext>(['patient', 'user', 'system']);

/** What version 1 of the standard wrote as a word. */
const versionOnePermissions: Readonly<Record<string, string>> = { read: 'rs', write: 'cud', '*': 'cruds' };

/** `letters` when it is one or more of `cruds`, each at most once and in that order. */
function permissionsOf(letters: string): string | undefined {
  if (Object.hasOwn(versionOnePermissions, letters)) return versionOnePermissions[letters];
  if (letters === '' || letters.length > 5) return undefined;
  let previous = -1;
  for (const letter of letters) {
    const position = 'cruds'.indexOf(letter);
    if (position <= previous) return undefined;
    previous = position;
  }
  return letters;
}

const refuse = (problem: string): ScopeReading => ({ problem });

/** Reads one scope such as `system/Observation.rs` or `user/*.read`. `types` are the resource types this server knows; whatever is not exactly a scope is refused. */
export function readScope(text: string, types: ReadonlySet<string>): ScopeReading {
  const slash = text.indexOf('/');
  const context = text.slice(0, Math.max(slash, 0));
  if (!contexts.has(context)) return refuse('A scope starts with patient/, user/ or system/');
  const rest = text.slice(slash + 1);
  if (rest.includes('?')) return refuse('Scopes with search parameters are not supported');
  const dot = rest.indexOf('.');
  if (dot < 0) return refuse('A scope names a resource type, a dot and its permissions');
  const type = rest.slice(0, dot);
  if (type !== '*' && !types.has(type)) return refuse('The resource type of the scope is not known');
  const permissions = permissionsOf(rest.slice(dot + 1));
  if (permissions === undefined) {
    return refuse('Permissions are letters of cruds in that order, each once, or read, write or *');
  }
  return { scope: { context: context as ScopeContext, type, permissions } };
}

/** Why a token must not be given these scopes, one sentence a scope; empty when all can be honoured. Scopes of one patient are refused as long as nothing confines them to that patient. */
export function unsupportedScopes(scopes: readonly string[], types: ReadonlySet<string>): readonly string[] {
  if (scopes.length === 0) return ['A token needs at least one scope'];
  return scopes.flatMap((text) => {
    const { scope, problem } = readScope(text, types);
    if (problem !== undefined) return [`${text}: ${problem}`];
    if (scope.context === 'patient') return [`${text}: Access confined to one patient is not supported yet`];
    return [];
  });
}
