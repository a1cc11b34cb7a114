import { createHash } from "node:crypto";
import { describe, expect, it } from "vitest";
import { chainEntry, chainStart, verifyChain, type Link } from "../../../src/domain/trail.ts";

const sha256 = (text: string): string => createHash("sha256").update(text).digest("hex");

function chainOf(...words: readonly string[]): readonly (Link & { readonly word: string })[] {
  let last: Link | undefined;
  return words.map((word) => {
    const entry = chainEntry({ word }, last, sha256);
    last = entry;
    return entry;
  });
}

const chain = chainOf("one", "two", "three", "four");

describe("the chain of a trail", () => {
  it("starts at 1 on the start value and numbers without gaps", () => {
    expect(chain.map(({ number }) => number)).toEqual([1, 2, 3, 4]);
    expect(chain[0]?.previous).toBe(chainStart);
    expect(chain[2]?.previous).toBe(chain[1]?.hash);
  });

  it("hashes content, number and the hash before, with keys in order", () => {
    expect(chain[0]?.hash).toBe(sha256(`{"number":1,"previous":"${"0".repeat(64)}","word":"one"}`));
  });

  it("holds as it was made, and when it is empty", () => {
    expect(verifyChain(chain, sha256)).toBeUndefined();
    expect(verifyChain([], sha256)).toBeUndefined();
  });

  it.each([
    [
      "a word was changed",
      chain.map((entry) => (entry.number === 2 ? { ...entry, word: "too" } : entry)),
      2,
    ],
    ["an entry was left out", chain.filter(({ number }) => number !== 3), 3],
    ["the first was left out", chain.slice(1), 1],
    [
      "two changed places",
      [chain[0], chain[2], chain[1], chain[3]].filter((entry) => entry !== undefined),
      2,
    ],
    [
      "an entry was changed and hashed again",
      chain.map((entry, index) =>
        index === 1 ? chainEntry({ word: "too" }, chain[0], sha256) : entry,
      ),
      3,
    ],
    [
      "a field was added",
      chain.map((entry, index) => (index === 3 ? { ...entry, who: "U2" } : entry)),
      4,
    ],
  ])("breaks where %s", (_, entries, number) => {
    expect(verifyChain(entries, sha256)).toBe(number);
  });
});
