import { beforeEach, describe, expect, it } from "vitest";
import { PromoterError } from "../../../../src/domain/errors.ts";
import { reconcile } from "../../../../src/promotion/events/reconcile.ts";
import { showStatus } from "../../../../src/promotion/operations/show-status.ts";
import { announce } from "../../../../src/promotion/steps/announce.ts";
import { closePromotion } from "../../../../src/promotion/steps/close-promotion.ts";
import { decideApproval } from "../../../../src/promotion/steps/decide-approval.ts";
import { requestApproval } from "../../../../src/promotion/steps/request-approval.ts";
import { approval as policy, aWorld, type ShopWorld } from "../../../builders/a-world.ts";
import { goThrough, plan, vote } from "../../../builders/go-through.ts";

/** Longer than any function that asks may take. */
const lookingAfter = 5 * 60_000;

describe("Announce", () => {
  let world: ShopWorld;
  const tell = () => announce.run({ promotion: "p-1" }, world);

  beforeEach(async () => {
    world = aWorld();
    world.push("1.0.0");
    await goThrough(world, { id: "p-1", version: "1.0.0", to: "closed" });
  });

  it("publishes the ending and takes the buttons off the message, naming who decided", async () => {
    expect(await tell()).toMatchObject({ outcome: "Promoted" });
    expect(world.bus.published).toMatchObject([
      {
        detailType: "Promotion Ended",
        detail: {
          promotion: "p-1",
          application: "shop",
          environment: "production",
          version: "1.0.0",
          ending: "Promoted",
          failed: false,
        },
      },
    ]);
    expect(world.messenger.messages()[0]?.closed).toMatchObject({
      ending: "Promoted",
      decidedBy: "ANNA",
      plan: { version: "1.0.0", members: [{ repository: "shop-api" }, { repository: "shop-ui" }] },
    });
    expect(await world.openWork.list("shop")).toEqual([]);
  });

  it("replies in the thread, because an edited message notifies no one", async () => {
    await tell();
    expect(world.messenger.messages()[0]?.replies).toEqual([
      expect.stringMatching(/^Promoted: shop 1\.0\.0 to production\n/),
    ]);
  });

  it("takes the buttons off a question whose posting was never confirmed before the promotion ended", async () => {
    world.push("1.1.0");
    await goThrough(world, { id: "p-2", version: "1.1.0", to: "entered" });
    const lost = new PromoterError("MessengerUnavailable", "the answer of Slack was lost");
    world.messenger.failNext("ask", lost, "after");
    await expect(requestApproval.run({ promotion: "p-2" }, world)).rejects.toThrow(lost.message);
    await world.promotions.update("p-2", {
      conclusion: { ending: "Cancelled", reasons: ["cancelled by BEN"] },
    });
    await closePromotion.run({ promotion: "p-2" }, world);
    expect(await announce.run({ promotion: "p-2" }, world)).toMatchObject({ outcome: "Cancelled" });
    expect(world.messenger.messages()[1]).toMatchObject({ closed: { ending: "Cancelled" } });
  });

  it("leaves out the reply to who rejected it", async () => {
    world.push("1.1.0");
    await goThrough(world, { id: "p-2", version: "1.1.0", to: "asked" });
    await vote(world, "p-2", "ANNA", "reject");
    await decideApproval.run({ promotion: "p-2" }, world);
    await closePromotion.run({ promotion: "p-2" }, world);
    expect(await announce.run({ promotion: "p-2" }, world)).toMatchObject({ outcome: "Rejected" });
    expect(world.messenger.messages()[1]).toMatchObject({
      closed: { ending: "Rejected" },
      replies: [],
    });
  });

  it("is announced even when only the reply fails, and does not repeat it", async () => {
    world.messenger.failNext(
      "reply",
      new PromoterError("MessengerUnavailable", "Slack does not answer"),
      "after",
    );
    expect(await tell()).toMatchObject({ outcome: "Promoted" });
    await tell();
    expect(world.messenger.messages()[0]?.replies).toHaveLength(1);
  });

  it("replies once when two announce it at the same moment", async () => {
    await Promise.all([tell(), tell()]);
    expect(world.messenger.messages()[0]?.replies).toHaveLength(1);
  });

  it("announces nothing twice", async () => {
    await tell();
    await tell();
    expect(world.bus.published).toHaveLength(1);
    expect(world.messenger.messages()[0]?.replies).toHaveLength(1);
  });

  it("stays open work when Slack does not answer, and is announced on the next try", async () => {
    world.messenger.failNext(
      "close",
      new PromoterError("MessengerUnavailable", "Slack does not answer"),
    );
    await expect(tell()).rejects.toThrow("Slack does not answer");
    expect(await world.openWork.list("shop")).toHaveLength(1);
    await tell();
    expect(world.messenger.messages()[0]?.closed?.ending).toBe("Promoted");
    expect(await world.openWork.list("shop")).toEqual([]);
  });

  describe("when the bus takes nothing", () => {
    const noPermission = new PromoterError("BusUnavailable", "the role may not put events");

    it("notifies people all the same, and fails, so that it is repeated", async () => {
      world.bus.failNext(noPermission);
      await expect(tell()).rejects.toBe(noPermission);
      expect(world.messenger.messages()[0]?.closed?.ending).toBe("Promoted");
      expect(await world.promotion("p-1")).toMatchObject({ announced: false });
      expect(await world.openWork.list("shop")).toHaveLength(1);
    });

    it("replies in the thread once: when the bus has taken it too", async () => {
      world.bus.failNext(noPermission);
      world.bus.failNext(noPermission);
      await expect(tell()).rejects.toBe(noPermission);
      await expect(tell()).rejects.toBe(noPermission);
      await tell();
      await tell();
      expect(world.messenger.messages()[0]?.replies).toHaveLength(1);
      expect(world.bus.published).toHaveLength(1);
    });

    it("and Slack does not answer either, says both", async () => {
      world.bus.failNext(noPermission);
      world.messenger.failNext(
        "close",
        new PromoterError("MessengerUnavailable", "Slack does not answer"),
      );
      await expect(tell()).rejects.toMatchObject({
        name: "BusUnavailable",
        retryable: true,
        message: "the announcement failed: the role may not put events; Slack does not answer",
      });
    });
  });

  it("is announced even when Slack refuses for good, so that reconcile does not repeat it forever", async () => {
    world.messenger.failNext(
      "close",
      new PromoterError("MessengerRefused", "the channel is archived"),
    );
    await tell();
    expect(await world.promotion("p-1")).toMatchObject({ announced: true });
    expect(await world.openWork.list("shop")).toEqual([]);
  });

  it("is announced once when the question could not even be posted: the search for its message is refused as well", async () => {
    world = aWorld({ production: { approval: { ...policy, channel: "#nowhere" } } });
    world.push("1.0.0");
    await goThrough(world, { id: "p-1", version: "1.0.0", to: "entered" });
    await expect(requestApproval.run({ promotion: "p-1" }, world)).rejects.toMatchObject({
      name: "MessengerRefused",
    });
    await closePromotion.run(
      {
        promotion: "p-1",
        failure: { state: "RequestApproval", error: "MessengerRefused", message: "" },
      },
      world,
    );
    expect(await tell()).toMatchObject({ outcome: "Failed" });
    world.pass(lookingAfter);
    await tell();
    expect(world.bus.published).toHaveLength(1);
    expect(await world.openWork.list("shop")).toEqual([]);
  });

  it("has nothing to tell of a promotion that is open", async () => {
    await world.open({ id: "p-2", version: "1.0.0" });
    expect(await announce.run({ promotion: "p-2" }, world)).toMatchObject({ outcome: "Failed" });
    expect(world.bus.published).toEqual([]);
  });
});

describe("a try to ask that posts after the ending was announced", () => {
  let world: ShopWorld;
  const killed = new Error("its time is over");
  const request = () => requestApproval.run({ promotion: "p-1" }, world);
  const live = () => world.messenger.messages().filter(({ closed }) => closed === undefined);
  const open = async () =>
    (await world.openWork.list("shop")).map((one) =>
      one.kind === "promotion" ? one.id : one.version,
    );

  /** It is held up until all of `meanwhile` has happened, and dies at `moment`. */
  async function postLate(
    meanwhile: () => Promise<unknown>,
    moment: "as soon as it has posted" | "after it was recorded",
  ): Promise<void> {
    const die = () => Promise.reject(killed);
    const ask: ShopWorld["messenger"]["ask"] = async (question) => {
      await meanwhile();
      const ref = await world.messenger.ask(question);
      return moment === "as soon as it has posted" ? die() : ref;
    };
    const read: ShopWorld["promotions"]["read"] = async (id) =>
      live().length > 0 ? die() : world.promotions.read(id);
    const late = {
      ...world,
      promotions: { ...world.promotions, read },
      messenger: { ...world.messenger, ask },
    };
    await expect(requestApproval.run({ promotion: "p-1" }, late)).rejects.toBe(killed);
  }

  async function end(): Promise<void> {
    await world.promotions.close("p-1", {
      ending: "Rejected",
      reasons: ["rejected by ANNA"],
      closedAt: world.clock.now(),
    });
    await announce.run({ promotion: "p-1" }, world);
  }

  beforeEach(async () => {
    world = aWorld();
    world.push("1.0.0");
    await goThrough(world, { id: "p-1", version: "1.0.0", to: "entered" });
  });

  it.each(["as soon as it has posted", "after it was recorded"] as const)(
    "and dies %s: reconcile takes the buttons off",
    async (moment) => {
      await postLate(end, moment);
      expect(live()).toHaveLength(1);
      await reconcile.run(undefined, world);
      expect(await open()).toEqual(["p-1"]);
      world.pass(lookingAfter);
      await reconcile.run(undefined, world);
      expect(live()).toEqual([]);
      expect(await open()).toEqual([]);
    },
  );

  it("of two, is found besides the one that was recorded, and no one is notified twice", async () => {
    await postLate(async () => {
      await request();
      await end();
    }, "as soon as it has posted");
    expect(live()).toHaveLength(1);
    world.pass(lookingAfter);
    await reconcile.run(undefined, world);
    expect(world.messenger.messages().map(({ closed }) => closed?.ending)).toEqual([
      "Rejected",
      "Rejected",
    ]);
    expect(world.messenger.messages().flatMap(({ replies }) => replies)).toEqual([]);
    expect(world.bus.published).toHaveLength(1);
    expect(await open()).toEqual([]);
  });

  it("is found too when it asks about a plan that changed since", async () => {
    const askAgain = async () => {
      const digests = world.push("1.0.0", "again");
      const { members = [] } = await world.promotion("p-1");
      await world.promotions.update("p-1", {
        members: members.map((member) => ({
          ...member,
          digest: digests[member.repository as "shop-api"],
        })),
      });
      await plan(world, "p-1");
      await request();
      await end();
    };
    await postLate(askAgain, "as soon as it has posted");
    world.pass(lookingAfter);
    await reconcile.run(undefined, world);
    expect(live()).toEqual([]);
    expect(world.messenger.messages().map(({ closed }) => closed?.ending)).toEqual([
      "Rejected",
      "Outdated",
    ]);
  });

  it("is waited for without showing the promotion among those under way", async () => {
    await postLate(end, "as soon as it has posted");
    expect(await showStatus.run({}, world)).toMatchObject([{ promotions: [] }]);
  });

  it("is searched for only after a try whose outcome is unknown", async () => {
    await request();
    await end();
    expect(await open()).toEqual([]);
  });
});
