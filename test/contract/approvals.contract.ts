import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Approval } from "../../src/domain/approval.ts";
import type { Approvals } from "../../src/ports/approvals.ts";

export interface ApprovalsWorld {
  readonly approvals: Approvals;
  close(): Promise<void>;
}

const hash = "ab".repeat(32);
const posting: Approval = {
  promotion: "p-1",
  hash,
  revision: 1,
  state: "posting",
  deadline: 90_000,
  approvers: ["U012AB3CD", "U2"],
  required: 1,
  barred: undefined,
  message: undefined,
  votes: [],
};
const pending: Approval = {
  ...posting,
  revision: 2,
  state: "pending",
  message: { channel: "C1", id: "1767603600.000100" },
};

export function approvalsContract(name: string, makeWorld: () => Promise<ApprovalsWorld>): void {
  describe(`approvals: ${name}`, () => {
    let world: ApprovalsWorld;
    beforeEach(async () => {
      world = await makeWorld();
    });
    afterEach(() => world.close());

    it("knows no approval before one is written", async () => {
      expect(await world.approvals.read("p-1", hash)).toBeUndefined();
    });

    it("returns what was written, by promotion and hash", async () => {
      const approval = {
        ...posting,
        barred: "U9",
        votes: [{ user: "U2", choice: "approve", at: 5 }],
      } as const;
      expect(await world.approvals.write(approval)).toBe(true);
      expect(await world.approvals.read("p-1", hash)).toEqual(approval);
      expect(await world.approvals.read("p-1", "cd".repeat(32))).toBeUndefined();
      expect(await world.approvals.read("p-2", hash)).toBeUndefined();
    });

    it("takes the revision that follows the stored one", async () => {
      await world.approvals.write(posting);
      expect(await world.approvals.write(pending)).toBe(true);
      expect(await world.approvals.read("p-1", hash)).toEqual(pending);
    });

    it.each([
      ["the first again", posting],
      ["one that skips a revision", { ...pending, revision: 3 }],
    ])("refuses %s and keeps what it has", async (_, approval) => {
      await world.approvals.write(posting);
      expect(await world.approvals.write({ ...approval, state: "expired" })).toBe(false);
      expect(await world.approvals.read("p-1", hash)).toEqual(posting);
    });

    it("refuses a later revision of an approval that does not exist", async () => {
      expect(await world.approvals.write(pending)).toBe(false);
      expect(await world.approvals.read("p-1", hash)).toBeUndefined();
    });

    it("lets one of two writers at the same moment win, a click against the timeout", async () => {
      await world.approvals.write(posting);
      const states = ["approved", "expired"] as const;
      const won = await Promise.all(
        states.map((state) => world.approvals.write({ ...pending, state })),
      );
      expect(won.filter(Boolean)).toHaveLength(1);
      expect((await world.approvals.read("p-1", hash))?.state).toBe(states[won.indexOf(true)]);
    });

    it("lets one of two writers win even when both write the same", async () => {
      await world.approvals.write(posting);
      const won = await Promise.all([
        world.approvals.write(pending),
        world.approvals.write(pending),
      ]);
      expect(won.filter(Boolean)).toHaveLength(1);
    });
  });
}
