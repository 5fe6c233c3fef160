/** What the scopes of a caller allow: the one place that knows which permission an interaction needs. https://hl7.org/fhir/smart-app-launch/STU2.2/scopes-and-launch-context.html */
import type { Caller } from '../ports.ts';
import { readScope } from './scopes.ts';

/** What a caller may do. */
export interface Access {
  /** True when the scopes allow the interaction on the type; without a type, on every type. What is not known is not allowed. */
  permits(interaction: string, type?: string): boolean;
  /** True when the scopes allow anything at all: then a batch or transaction may be looked into, and each entry is checked by itself. */
  permitsAny(): boolean;
}

type Letter = 'c' | 'r' | 'u' | 'd' | 's';

/** The letters an interaction needs, all of them. Conditional ones find out what exists, so they search; one that may create needs that too. */
const permissionsNeeded: ReadonlyMap<string, readonly Letter[]> = new Map<string, readonly Letter[]>([
  ['read', ['r']],
  ['vread', ['r']],
  ['history-instance', ['r']],
  ['create', ['c']],
  ['update', ['u']],
  ['update-as-create', ['c']],
  ['patch', ['u']],
  ['delete', ['d']],
  ['search-type', ['s']],
  ['history-type', ['s']],
  ['history-system', ['s']],
  ['conditional-create', ['c', 's']],
  ['conditional-update', ['c', 'u', 's']],
  ['conditional-patch', ['u', 's']],
  ['conditional-delete', ['d', 's']],
]);

/** About several types, each of which is checked when it is known. */
const checkedWithin: ReadonlySet<string> = new Set(['batch', 'transaction', 'search-system', 'search-compartment']);

const everywhere = '*';

/** The log of who saw whom is not for a user's own tools. */
const systemOnly: ReadonlySet<string> = new Set(['AuditEvent']);

function grantsOf(caller: Caller, types: ReadonlySet<string>): ReadonlyMap<string, ReadonlySet<string>> {
  const grants = new Map<string, Set<string>>();
  const grant = (type: string, letters: Iterable<string>): void => {
    const granted = grants.get(type) ?? new Set<string>();
    for (const letter of letters) granted.add(letter);
    grants.set(type, granted);
  };
  for (const text of caller.scopes) {
    const { scope } = readScope(text, types);
    // nothing confines a caller to one patient yet, so such a scope grants nothing
    if (!scope || scope.context === 'patient') continue;
    if (scope.context !== 'system' && systemOnly.has(scope.type)) continue;
    grant(scope.type, scope.permissions);
    if (scope.context === 'system' && scope.type === everywhere) {
      for (const type of systemOnly) grant(type, scope.permissions);
    }
  }
  return grants;
}

function accessOf(caller: Caller, types: ReadonlySet<string>): Access {
  const grants = grantsOf(caller, types);
  const overall = grants.get(everywhere);
  const holds = (letter: string, type: string): boolean =>
    grants.get(type)?.has(letter) === true || (overall?.has(letter) === true && !systemOnly.has(type));
  return {
    permits(interaction, type = everywhere) {
      if (interaction === 'capabilities') return true;
      if (checkedWithin.has(interaction)) return grants.size > 0;
      const needed = permissionsNeeded.get(interaction);
      return needed !== undefined && needed.every((letter) => holds(letter, type));
    },
    permitsAny: () => grants.size > 0,
  };
}

/** Works out the access of callers; scopes that cannot be read grant nothing. `types` are the resource types this server knows. The answer for a caller is kept as long as the caller object is. */
export function createAccess(types: ReadonlySet<string>): (caller: Caller) => Access {
  const known = new WeakMap<Caller, Access>();
  return (caller) => {
    let access = known.get(caller);
    if (!access) {
      access = accessOf(caller, types);
      known.set(caller, access);
    }
    return access;
  };
}
