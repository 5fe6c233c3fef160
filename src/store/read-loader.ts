/** Point reads that arrive while another is under way travel together: under load, one statement answers many requests. */
import type { ResourceIdentity } from '../fhir/resource.ts';
import type { StoredVersion } from '../ports.ts';
import type { Queryable } from './connection.ts';
import { readCurrent, readMany } from './read.ts';
import type { TypeNumbers } from './stored-version.ts';

interface Waiting {
  readonly identity: ResourceIdentity;
  resolve(version: StoredVersion | undefined): void;
  reject(reason: unknown): void;
}

const maximumTogether = 64;

const keyOf = ({ type, id }: ResourceIdentity): string => `${type}/${id}`;

export type ReadOne = (identity: ResourceIdentity) => Promise<StoredVersion | undefined>;

/** Reads current versions; two statements at a time keep the connection busy and the groups large. */
export function createReadLoader(database: Queryable, types: TypeNumbers): ReadOne {
  const waiting: Waiting[] = [];
  let underWay = 0;

  async function answer(group: readonly Waiting[]): Promise<void> {
    const [first] = group;
    if (group.length === 1 && first) {
      first.resolve(await readCurrent(database, types, first.identity));
      return;
    }
    const identities = new Map(group.map(({ identity }) => [keyOf(identity), identity]));
    const versions = await readMany(database, types, [...identities.values()]);
    const found = new Map(versions.map((version) => [keyOf(version), version]));
    for (const { identity, resolve } of group) resolve(found.get(keyOf(identity)));
  }

  async function run(): Promise<void> {
    while (waiting.length > 0) {
      const group = waiting.splice(0, maximumTogether);
      try {
        await answer(group);
      } catch (cause) {
        for (const { reject } of group) reject(cause);
      }
    }
    underWay -= 1;
  }

  return (identity) =>
    new Promise((resolve, reject) => {
      waiting.push({ identity, resolve, reject });
      if (underWay >= 2) return;
      underWay += 1;
      // what else arrives in this turn of the event loop joins
      setImmediate(() => void run());
    });
}
