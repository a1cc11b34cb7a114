import { canonicalJson, type Hash } from "./hash.ts";

/** What chaining adds to an entry. */
export interface Link {
  /** From 1 on, without gaps. */
  readonly number: number;
  /** Hash of the entry before; `chainStart` for the first. */
  readonly previous: string;
  readonly hash: string;
}

export const chainStart = "0".repeat(64);

/**
 * The entry as the one after `last` (undefined: the first): its hash covers its content, its number
 * and the hash before.
 */
export function chainEntry<Entry extends object>(
  entry: Entry,
  last: Pick<Link, "number" | "hash"> | undefined,
  hash: Hash,
): Entry & Link {
  const linked = { ...entry, number: (last?.number ?? 0) + 1, previous: last?.hash ?? chainStart };
  return { ...linked, hash: hash(canonicalJson(linked)) };
}

/**
 * Number of the first entry that is not what was appended: changed, missing before it, or moved.
 * undefined: the chain holds. Entries cut off at the end leave a chain that holds.
 */
export function verifyChain(entries: readonly Link[], hash: Hash): number | undefined {
  const broken = entries.findIndex((entry, index) => !follows(entry, entries[index - 1], hash));
  return broken < 0 ? undefined : broken + 1;
}

function follows(entry: Link, last: Link | undefined, hash: Hash): boolean {
  const { hash: stored, number, previous, ...content } = entry;
  const expected = chainEntry(content, last, hash);
  return stored === expected.hash && number === expected.number && previous === expected.previous;
}
