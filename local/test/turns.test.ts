import { describe, expect, it } from "vitest";
import { createTurns } from "../turns.ts";

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe("turns", () => {
  it("are taken by so many at once, first come, first served, and given on when work fails", async () => {
    const turns = createTurns(2);
    const begun: number[] = [];
    const works = Array.from({ length: 5 }, () => Promise.withResolvers<number>());
    const results = works.map(({ promise }, index) =>
      turns
        .take(() => {
          begun.push(index);
          return promise;
        })
        .catch((error: unknown) => error),
    );
    await turn();
    expect(begun).toEqual([0, 1]);
    works[1]?.reject(new Error("failed"));
    await turn();
    expect(begun).toEqual([0, 1, 2]);
    for (const [index, { resolve }] of works.entries()) resolve(index);
    expect(await Promise.all(results)).toEqual([0, new Error("failed"), 2, 3, 4]);
    expect(begun).toEqual([0, 1, 2, 3, 4]);
    expect(await turns.take(() => Promise.resolve("again"))).toBe("again");
  });
});
