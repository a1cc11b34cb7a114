import { beforeEach, describe, expect, it } from "vitest";
import { onImagePush } from "../../../../src/promotion/events/on-image-push.ts";
import { onSlackAction } from "../../../../src/promotion/events/on-slack-action.ts";
import { decideApproval } from "../../../../src/promotion/steps/decide-approval.ts";
import { enterEnvironment } from "../../../../src/promotion/steps/enter-environment.ts";
import { requestApproval } from "../../../../src/promotion/steps/request-approval.ts";
import { isVoteOver } from "../../../../src/promotion/wait/wake-conditions.ts";
import {
  approval as policy,
  aWorld,
  pushEvent,
  type ShopWorld,
} from "../../../builders/a-world.ts";
import { clickedOn, goThrough, plan } from "../../../builders/go-through.ts";

const day = 86_400_000;

describe("DecideApproval", () => {
  let world: ShopWorld;
  let hash: string;
  const decide = () => decideApproval.run({ promotion: "p-1" }, world);
  const click = (choice: "approve" | "reject", user = "ANNA") =>
    onSlackAction.run(
      { user, choice, promotion: "p-1", hash, answerAddress: undefined, message: clickedOn(world) },
      world,
    );
  const state = async () => (await world.approvals.read("p-1", hash))?.state;

  const approvers = (...names: readonly string[]) =>
    world.redeploy({ approval: { ...policy, approvers: names } });

  async function rebuild(): Promise<void> {
    const digests = world.push("1.0.0", "rebuilt");
    for (const [id, repository] of [
      ["e-1", "shop-api"],
      ["e-2", "shop-ui"],
    ] as const) {
      await onImagePush.run(
        pushEvent({ id, repository, digest: digests[repository], version: "1.0.0" }),
        world,
      );
    }
  }

  beforeEach(async () => {
    world = aWorld();
    world.push("1.0.0");
    await goThrough(world, { id: "p-1", version: "1.0.0", to: "asked" });
    ({ plan: hash = "" } = await world.promotion("p-1"));
  });

  it("keeps waiting for the rest of the time while no one has voted", async () => {
    world.pass(3_600_000);
    expect(await decide()).toMatchObject({ outcome: "pending", seconds: 82_800 });
    expect(await state()).toBe("pending");
  });

  it("approves for good", async () => {
    await click("approve");
    expect(await decide()).toMatchObject({ outcome: "approved", reasons: ["ANNA approved"] });
    expect(await state()).toBe("approved");
    world.pass(2 * day);
    expect(await decide()).toMatchObject({ outcome: "approved" });
  });

  it("ends as rejected, and says by whom", async () => {
    await click("reject", "BEN");
    expect(await decide()).toMatchObject({
      outcome: "close",
      reasons: ["Rejected", "BEN rejected"],
    });
    expect((await world.promotion("p-1")).conclusion?.ending).toBe("Rejected");
  });

  describe("once the version was rebuilt", () => {
    it("ends as superseded, whatever was voted, and names what is promoted instead", async () => {
      await click("approve");
      await rebuild();
      expect(await decide()).toMatchObject({
        outcome: "close",
        reasons: [
          "Superseded",
          `1.0.0 was rebuilt while this promotion was under way; see \`show ${world.workflow.executions().at(-1)?.id}\` for the promotion of the new images`,
        ],
      });
    });

    it("stays rejected once an approver rejected it", async () => {
      await click("reject");
      await rebuild();
      expect(await decide()).toMatchObject({
        outcome: "close",
        reasons: ["Rejected", "ANNA rejected"],
      });
    });
  });

  it("expires at the deadline", async () => {
    world.pass(day);
    expect(await decide()).toMatchObject({
      outcome: "close",
      reasons: ["Expired", "not decided before 2026-01-06 09:00:00 UTC"],
    });
    expect(await state()).toBe("expired");
  });

  it("lets a click in time win although the time-out is what wakes the step", async () => {
    world.pass(day - 1);
    await click("approve");
    world.pass(60_000);
    expect(await decide()).toMatchObject({ outcome: "approved" });
  });

  it("answers a click after the time-out that it is decided", async () => {
    world.pass(day);
    await decide();
    expect(await click("approve")).toMatchObject({ outcome: "decided" });
    expect(await state()).toBe("expired");
  });

  it("ends as cancelled although people approved", async () => {
    await click("approve");
    await world.promotions.markCancelled("p-1", { by: "BEN", at: 1 });
    expect(await decide()).toMatchObject({
      outcome: "close",
      reasons: ["Cancelled", "cancelled by BEN"],
    });
  });

  describe("when the stack is deployed again during the vote", () => {
    it("does not count the approval of an approver who was removed, and keeps waiting for the others", async () => {
      await click("approve");
      approvers("BEN");
      expect(await decide()).toMatchObject({ outcome: "pending" });
      await click("approve", "BEN");
      expect(await decide()).toMatchObject({ outcome: "approved", reasons: ["BEN approved"] });
    });

    it("refuses clicks of approvers who were removed, and accepts those of approvers who were added", async () => {
      approvers("CLEO");
      expect(await click("approve", "ANNA")).toMatchObject({ outcome: "not-an-approver" });
      expect(await click("approve", "CLEO")).toMatchObject({ outcome: "counted" });
      expect(await decide()).toMatchObject({ outcome: "approved" });
    });

    it("bars the requester where the requester may no longer approve", async () => {
      world = aWorld({ production: { approval: { ...policy, requester: "may-approve" } } });
      world.push("1.0.0");
      await world.open({ id: "p-1", version: "1.0.0", requester: "ANNA" });
      await plan(world, "p-1");
      await enterEnvironment.run({ promotion: "p-1" }, world);
      await requestApproval.run({ promotion: "p-1" }, world);
      ({ plan: hash = "" } = await world.promotion("p-1"));
      await click("approve");
      world.redeploy({ approval: policy });
      expect(await decide()).toMatchObject({ outcome: "pending" });
    });

    it("refuses at once when no one could answer any longer", async () => {
      world.redeploy({ approval: { ...policy, approvers: ["ANNA"], required: 2 } });
      expect(await decide()).toMatchObject({
        outcome: "close",
        reasons: ["Refused", expect.stringContaining("only ANNA may vote")],
      });
    });

    it("goes on to verify when promoter.yml no longer asks for approval", async () => {
      world.redeploy({ approval: undefined });
      expect(await click("approve")).toMatchObject({ outcome: "outdated" });
      expect(await decide()).toMatchObject({
        outcome: "approved",
        reasons: ["promoter.yml no longer requires an approval; verifying again"],
      });
    });

    it("refuses when the environment is gone", async () => {
      await click("approve");
      world.redeploy(undefined);
      expect(await decide()).toMatchObject({
        outcome: "close",
        reasons: [
          "Refused",
          expect.stringContaining('there is no environment of shop named "production"'),
        ],
      });
    });

    it.each<[string, () => void]>([
      ["no approval is required any longer", () => world.redeploy({ approval: undefined })],
      [
        "no one could answer any longer",
        () => world.redeploy({ approval: { ...policy, approvers: ["ANNA"], required: 2 } }),
      ],
      ["the environment is gone", () => world.redeploy(undefined)],
    ])("is woken to look when %s", async (_, redeploy) => {
      expect(await isVoteOver(await world.promotion("p-1"), world)).toBe(false);
      redeploy();
      expect(await isVoteOver(await world.promotion("p-1"), world)).toBe(true);
    });
  });

  it("decides again when a vote is stored between its look and its write", async () => {
    let raced = false;
    world.pass(day - 1);
    const approvals = {
      ...world.approvals,
      read: async (promotion: string, of: string) => {
        const seen = await world.approvals.read(promotion, of);
        if (!raced) {
          raced = true;
          await click("approve");
          world.pass(1);
        }
        return seen;
      },
    };
    const clock = { now: () => world.clock.now() + (raced ? 0 : 1) };
    expect(
      await decideApproval.run({ promotion: "p-1" }, { ...world, approvals, clock }),
    ).toMatchObject({ outcome: "approved" });
  });
});
