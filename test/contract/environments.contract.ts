import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { maxTextLength } from "../../src/domain/bounded.ts";
import { parseDigest } from "../../src/domain/image/digest.ts";
import { parseRepositoryName } from "../../src/domain/image/repository.ts";
import { freeLock, type Lock } from "../../src/domain/lock.ts";
import { enter } from "../../src/domain/lock/enter.ts";
import type { Member } from "../../src/domain/release.ts";
import type { CurrentRelease, Environments, Hold } from "../../src/ports/environments.ts";

export interface EnvironmentsWorld {
  readonly environments: Environments;
  close(): Promise<void>;
}

const key = { application: "orderbook", environment: "production" };
const elsewhere = { application: "orderbook", environment: "staging" };
const member = {
  repository: parseRepositoryName("shop/orderbook-api"),
  digest: parseDigest(`sha256:${"1".repeat(64)}`),
} as Member;
const current: CurrentRelease = {
  version: "1.4.2",
  set: "aa".repeat(32),
  members: [member],
  promotion: "p-1",
  plan: "bb".repeat(32),
  since: 5_000,
  pushedAt: 4_000,
};
const hold: Hold = {
  set: "aa".repeat(32),
  version: "1.4.2",
  by: "p-1",
  since: 9_000,
  reason: "orderbook-api: CrashLoopBackOff «große Pause»",
};

function taken(promotion: string): Lock {
  const transition = enter(freeLock, {
    promotion,
    version: "1.4.2",
    fence: 0,
    entered: false,
    isHigher: () => true,
  });
  if (transition.kind !== "owner") {
    throw new Error(`the free lock is not given to ${promotion}: ${transition.kind}`);
  }
  return transition.lock;
}

export function environmentsContract(
  name: string,
  makeWorld: () => Promise<EnvironmentsWorld>,
): void {
  describe(`environments: ${name}`, () => {
    let world: EnvironmentsWorld;
    beforeEach(async () => {
      world = await makeWorld();
    });
    afterEach(() => world.close());

    it("has a free lock before anyone takes it", async () => {
      expect(await world.environments.readLock(key)).toEqual(freeLock);
    });

    it("returns the lock that was written, of this environment only", async () => {
      expect(await world.environments.writeLock(key, taken("p-1"))).toBe(true);
      expect(await world.environments.readLock(key)).toEqual(taken("p-1"));
      expect(await world.environments.readLock(elsewhere)).toEqual(freeLock);
    });

    it("forgets an owner who left", async () => {
      await world.environments.writeLock(key, taken("p-1"));
      const left: Lock = {
        revision: 2,
        fence: 1,
        owner: undefined,
        next: undefined,
        unsettled: { by: "p-1", reason: "?" },
        claims: [],
      };
      expect(await world.environments.writeLock(key, left)).toBe(true);
      expect(await world.environments.readLock(key)).toEqual(left);
    });

    it.each([[1], [3]])("refuses revision %i after revision 1", async (revision) => {
      await world.environments.writeLock(key, taken("p-1"));
      expect(await world.environments.writeLock(key, { ...taken("p-2"), revision })).toBe(false);
      expect((await world.environments.readLock(key)).owner?.promotion).toBe("p-1");
    });

    it("gives the environment to one of two promotions that enter at the same moment", async () => {
      const entrants = ["p-1", "p-2", "p-3"];
      const won = await Promise.all(
        entrants.map((promotion) => world.environments.writeLock(key, taken(promotion))),
      );
      expect(won.filter(Boolean)).toHaveLength(1);
      expect((await world.environments.readLock(key)).owner?.promotion).toBe(
        entrants[won.indexOf(true)],
      );
    });

    it("knows no current release before the first promotion", async () => {
      expect(await world.environments.readCurrent(key)).toBeUndefined();
      expect(await world.environments.readPromoted(key, "1.4.2")).toBeUndefined();
    });

    it("keeps what runs now, and every version that ever did", async () => {
      const next = { ...current, version: "1.4.3", since: 6_000 };
      await world.environments.writeCurrent(key, current);
      await world.environments.writeCurrent(key, next);
      expect(await world.environments.readCurrent(key)).toEqual(next);
      expect(await world.environments.readPromoted(key, "1.4.2")).toEqual(current);
      expect(await world.environments.readPromoted(key, "1.4.3")).toEqual(next);
      expect(await world.environments.readCurrent(elsewhere)).toBeUndefined();
    });

    it("keeps the later release when the closing of an earlier one is repeated", async () => {
      const next = { ...current, version: "1.4.3", since: 6_000 };
      await world.environments.writeCurrent(key, next);
      await world.environments.writeCurrent(key, current);
      expect(await world.environments.readCurrent(key)).toEqual(next);
    });

    it("keeps the promotion of a version that was last, when it was promoted again", async () => {
      const again = { ...current, promotion: "p-2", since: 7_000 };
      await world.environments.writeCurrent(key, current);
      await world.environments.writeCurrent(key, again);
      expect(await world.environments.readPromoted(key, "1.4.2")).toEqual(again);
    });

    it("makes one key of 32 bytes for each environment, whoever asks first", async () => {
      const { environments } = world;
      const asked = [1, 2, 3].map(() => environments.configurationKey(key));
      const [made, ...others] = await Promise.all(asked);
      expect(made).toMatch(/^[0-9a-f]{64}$/);
      expect(new Set([...others, await environments.configurationKey(key)])).toEqual(
        new Set([made]),
      );
      expect(await environments.configurationKey(elsewhere)).not.toBe(made);
      expect(await environments.readHolds(key)).toEqual([]);
    });

    it("holds a set until the hold is cleared", async () => {
      await world.environments.writeHold(key, hold);
      expect(await world.environments.readHold(key, hold.set)).toEqual(hold);
      await world.environments.clearHold(key, hold.set);
      await world.environments.clearHold(key, hold.set);
      expect(await world.environments.readHold(key, hold.set)).toBeUndefined();
    });

    it("takes no hold of more than the 400 KB of an item", async () => {
      await expect(
        world.environments.writeHold(key, { ...hold, version: "1".repeat(420_000) }),
      ).rejects.toMatchObject({ name: "StoreRefused" });
      expect(await world.environments.readHolds(key)).toEqual([]);
    });

    it("cuts off the reasons of a hold and of an unsettled lock that are too long to be kept", async () => {
      const reason = "r".repeat(230_000);
      await world.environments.writeHold(key, { ...hold, reason });
      await world.environments.writeLock(key, {
        ...freeLock,
        revision: 1,
        unsettled: { by: "p-1", reason },
      });
      expect((await world.environments.readHold(key, hold.set))?.reason).toHaveLength(
        maxTextLength,
      );
      expect((await world.environments.readLock(key)).unsettled?.reason).toHaveLength(
        maxTextLength,
      );
    });

    it("lists the holds of one environment", async () => {
      const other = { ...hold, set: "cc".repeat(32) };
      await world.environments.writeLock(key, taken("p-1"));
      await world.environments.writeCurrent(key, current);
      await world.environments.writeHold(key, hold);
      await world.environments.writeHold(key, other);
      await world.environments.writeHold(elsewhere, { ...hold, set: "dd".repeat(32) });
      const holds = await world.environments.readHolds(key);
      expect(holds).toHaveLength(2);
      expect(holds).toEqual(expect.arrayContaining([hold, other]));
      expect(await world.environments.readHold(key, "dd".repeat(32))).toBeUndefined();
    });
  });
}
