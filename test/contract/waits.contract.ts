import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Wait, Waits } from "../../src/ports/waits.ts";

export interface WaitsWorld {
  readonly waits: Waits;
  close(): Promise<void>;
}

const wait: Wait = { promotion: "p-1", kind: "vote", token: "token-1", since: 1_000, until: 2_000 };

export function waitsContract(name: string, makeWorld: () => Promise<WaitsWorld>): void {
  describe(`waits: ${name}`, () => {
    let world: WaitsWorld;
    beforeEach(async () => {
      world = await makeWorld();
    });
    afterEach(() => world.close());

    it("knows no wait of a promotion that never waited", async () => {
      expect(await world.waits.read("p-1")).toBeUndefined();
    });

    it("returns the wait that was stored, of this promotion only", async () => {
      await world.waits.store(wait);
      expect(await world.waits.read("p-1")).toEqual(wait);
      expect(await world.waits.read("p-2")).toBeUndefined();
    });

    it("keeps a token of 2048 characters, the longest that Step Functions gives out", async () => {
      const token = "AQ+/=".repeat(410).slice(0, 2_048);
      await world.waits.store({ ...wait, token });
      expect((await world.waits.read("p-1"))?.token).toBe(token);
    });

    it("replaces what the promotion waited for before", async () => {
      await world.waits.store(wait);
      await world.waits.store({ ...wait, kind: "turn", token: "token-2" });
      expect(await world.waits.read("p-1")).toEqual({ ...wait, kind: "turn", token: "token-2" });
    });

    it("removes a wait that holds the token, once and again", async () => {
      await world.waits.store(wait);
      await world.waits.remove("p-1", "token-1");
      await world.waits.remove("p-1", "token-1");
      expect(await world.waits.read("p-1")).toBeUndefined();
    });

    it("leaves a wait that holds another token now", async () => {
      await world.waits.store({ ...wait, token: "token-2" });
      await world.waits.remove("p-1", "token-1");
      expect((await world.waits.read("p-1"))?.token).toBe("token-2");
    });
  });
}
