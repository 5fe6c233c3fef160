/** Hands out resource keys from blocks that the database reserves for this process, so that a create costs no round trip. */
import type { Queryable } from './connection.ts';

const blockSize = 256n;

/** Resolves to that many new keys, ascending. Those that go unused are lost, which is harmless. */
export type TakeKeys = (count: number) => Promise<readonly string[]>;

export function createResourceKeys(database: Queryable): TakeKeys {
  const blocks: { next: bigint; end: bigint }[] = [];
  let available = 0;

  async function fetchBlocks(count: number): Promise<void> {
    const values = [count];
    const text = "SELECT nextval('resource_key_block')::text AS start FROM generate_series(1, $1)";
    const { rows } = await database.query<{ start: string }>({ name: 'reserve-keys', text, values });
    for (const { start } of rows) blocks.push({ next: BigInt(start), end: BigInt(start) + blockSize });
    available += rows.length * Number(blockSize);
  }

  function next(): string {
    const [block] = blocks;
    if (!block) throw new Error('No block of resource keys is left');
    const key = block.next;
    block.next += 1n;
    available -= 1;
    if (block.next === block.end) blocks.shift();
    return String(key);
  }

  return async (count) => {
    // others may take keys while a block is on its way, so look again
    while (available < count) await fetchBlocks(Math.ceil((count - available) / Number(blockSize)));
    return Array.from({ length: count }, next);
  };
}
