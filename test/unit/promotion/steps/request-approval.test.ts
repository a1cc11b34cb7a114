import { beforeEach, describe, expect, it } from "vitest";
import { PromoterError } from "../../../../src/domain/errors.ts";
import { onImagePush } from "../../../../src/promotion/events/on-image-push.ts";
import { announce } from "../../../../src/promotion/steps/announce.ts";
import { requestApproval } from "../../../../src/promotion/steps/request-approval.ts";
import {
  approval as policy,
  aWorld,
  pushEvent,
  type ShopWorld,
} from "../../../builders/a-world.ts";
import { goThrough, plan, vote } from "../../../builders/go-through.ts";

describe("RequestApproval", () => {
  let world: ShopWorld;
  const request = () => requestApproval.run({ promotion: "p-1" }, world);
  const slackIsDown = new PromoterError("MessengerUnavailable", "Slack does not answer");
  const channelIsArchived = new PromoterError("MessengerRefused", "the channel is archived");

  /** Another digest gives another plan, which people must be asked about again. */
  async function planChanges(content: string): Promise<void> {
    const digests = world.push("1.0.0", content);
    const { members = [] } = await world.promotion("p-1");
    await world.promotions.update("p-1", {
      members: members.map((member) => ({
        ...member,
        digest: digests[member.repository as "shop-api"],
      })),
    });
    await plan(world, "p-1");
  }

  async function annaAsks(approvers: readonly string[]): Promise<void> {
    world = aWorld({ production: { approval: { ...policy, approvers } } });
    world.push("1.0.0");
    await world.open({ id: "p-1", version: "1.0.0", requester: "ANNA" });
    await plan(world, "p-1");
  }

  const live = () =>
    world.messenger
      .messages()
      .filter(({ closed }) => closed === undefined)
      .map(({ ref }) => ref);
  const recorded = async () =>
    (await world.approvals.read("p-1", (await world.promotion("p-1")).plan ?? ""))?.message;

  /** The first one is held after it has posted, until the second one is through. */
  async function bothTry(): Promise<void> {
    const ask: ShopWorld["messenger"]["ask"] = async (question) => {
      const ref = await world.messenger.ask(question);
      await request();
      return ref;
    };
    await requestApproval.run(
      { promotion: "p-1" },
      { ...world, messenger: { ...world.messenger, ask } },
    );
  }

  beforeEach(async () => {
    world = aWorld();
    world.push("1.0.0");
    await goThrough(world, { id: "p-1", version: "1.0.0", to: "entered" });
  });

  it("posts one question about the newest plan and waits until its deadline", async () => {
    expect(await request()).toMatchObject({ outcome: "asked", seconds: 86_400 });
    const { plan: hash = "", rounds } = await world.promotion("p-1");
    expect(rounds).toEqual([hash]);
    expect(world.messenger.messages().map(({ question }) => question.hash)).toEqual([hash]);
    expect(await world.approvals.read("p-1", hash)).toMatchObject({
      state: "pending",
      required: 1,
      message: world.messenger.messages()[0]?.ref,
    });
  });

  it("posts nothing more when it is carried out again", async () => {
    await request();
    await request();
    expect(world.messenger.messages()).toHaveLength(1);
  });

  it("finds the message of a try that died after it was posted", async () => {
    world.messenger.failNext("ask", slackIsDown, "after");
    await expect(request()).rejects.toThrow("Slack does not answer");
    expect(await request()).toMatchObject({ outcome: "asked" });
    expect(world.messenger.messages()).toHaveLength(1);
    const { plan: hash = "" } = await world.promotion("p-1");
    expect((await world.approvals.read("p-1", hash))?.message).toEqual(
      world.messenger.messages()[0]?.ref,
    );
  });

  describe("two tries at the same moment", () => {
    const failed = { ending: "Failed", reasons: ["Slack was down"], closedAt: 5 } as const;

    it("leave one message with buttons, the recorded one", async () => {
      world = { ...world, messenger: { ...world.messenger, find: async () => [] } };
      await bothTry();
      expect(world.messenger.messages().map(({ closed }) => closed?.ending)).toEqual([
        "Repeated",
        undefined,
      ]);
      expect(live()).toEqual([await recorded()]);
    });

    it("leave the message of the first one when the second finds it", async () => {
      await bothTry();
      expect(world.messenger.messages()).toHaveLength(1);
      expect(live()).toEqual([await recorded()]);
    });

    it("leave one message when both posted, died, and a third one finds both", async () => {
      world.messenger.failNext("ask", slackIsDown, "after");
      await expect(request()).rejects.toThrow(slackIsDown.message);
      const blind = { ...world.messenger, find: async () => [] };
      world.messenger.failNext("ask", slackIsDown, "after");
      await expect(
        requestApproval.run({ promotion: "p-1" }, { ...world, messenger: blind }),
      ).rejects.toThrow(slackIsDown.message);
      await request();
      expect(world.messenger.messages().map(({ closed }) => closed?.ending)).toEqual([
        undefined,
        "Repeated",
      ]);
      expect(live()).toEqual([await recorded()]);
    });

    it("leave nothing with buttons at the end when one posted and died, and the other one did not see it", async () => {
      world.messenger.failNext("ask", slackIsDown, "after");
      await expect(request()).rejects.toThrow(slackIsDown.message);
      await requestApproval.run(
        { promotion: "p-1" },
        { ...world, messenger: { ...world.messenger, find: async () => [] } },
      );
      expect(live()).toHaveLength(2);
      await world.promotions.close("p-1", failed);
      await announce.run({ promotion: "p-1" }, world);
      expect(world.messenger.messages().map(({ closed }) => closed?.ending)).toEqual([
        "Failed",
        "Failed",
      ]);
    });

    it("leave nothing with buttons either when another plan is asked about", async () => {
      world.messenger.failNext("ask", slackIsDown, "after");
      await expect(request()).rejects.toThrow(slackIsDown.message);
      await requestApproval.run(
        { promotion: "p-1" },
        { ...world, messenger: { ...world.messenger, find: async () => [] } },
      );
      await planChanges("again");
      await request();
      expect(world.messenger.messages().map(({ closed }) => closed?.ending)).toEqual([
        "Outdated",
        "Outdated",
        undefined,
      ]);
    });

    it("leave no buttons of a try that is so late that another plan is asked about by then", async () => {
      const ask: ShopWorld["messenger"]["ask"] = async (question) => {
        const ref = await world.messenger.ask(question);
        await request();
        await planChanges("again");
        await request();
        return ref;
      };
      await requestApproval.run(
        { promotion: "p-1" },
        { ...world, messenger: { ...world.messenger, ask } },
      );
      expect(live()).toEqual([await recorded()]);
      expect(world.messenger.messages().at(-1)?.closed).toBeUndefined();
    });

    it("look in the channel where it was asked, also after promoter.yml names another one", async () => {
      world.messenger.failNext("ask", slackIsDown, "after");
      await expect(request()).rejects.toThrow(slackIsDown.message);
      world.redeploy({ approval: { ...policy, channel: "#elsewhere" } });
      await world.promotions.close("p-1", failed);
      await announce.run({ promotion: "p-1" }, world);
      expect(live()).toEqual([]);
    });
  });

  it("searches nothing in the everyday case", async () => {
    world = {
      ...world,
      messenger: { ...world.messenger, find: () => Promise.reject(new Error("looked for")) },
    };
    await request();
    await request();
    await world.promotions.close("p-1", { ending: "Promoted", reasons: [], closedAt: 5 });
    await announce.run({ promotion: "p-1" }, world);
    expect(world.messenger.messages()[0]?.closed?.ending).toBe("Promoted");
  });

  it("posts once when the first try died before it", async () => {
    world.messenger.failNext("ask", slackIsDown);
    await expect(request()).rejects.toThrow("Slack does not answer");
    await request();
    expect(world.messenger.messages()).toHaveLength(1);
  });

  it("keeps the deadline of the first try", async () => {
    world.messenger.failNext("ask", slackIsDown);
    await expect(request()).rejects.toThrow("Slack does not answer");
    world.pass(3_600_000);
    expect(await request()).toMatchObject({ seconds: 82_800 });
  });

  it("keeps a vote that came while the message was not recorded yet", async () => {
    world.messenger.failNext("ask", slackIsDown, "after");
    await expect(request()).rejects.toThrow("Slack does not answer");
    await vote(world, "p-1", "ANNA");
    await request();
    const { plan: hash = "" } = await world.promotion("p-1");
    expect(await world.approvals.read("p-1", hash)).toMatchObject({
      state: "pending",
      votes: [{ user: "ANNA" }],
    });
  });

  it("takes the buttons off the message about a plan that has changed", async () => {
    await request();
    await planChanges("again");
    await request();
    const [first, second] = world.messenger.messages();
    expect(first?.closed?.ending).toBe("Outdated");
    expect(second?.closed).toBeUndefined();
    expect((await world.promotion("p-1")).rounds).toEqual([
      first?.question.hash,
      second?.question.hash,
    ]);
  });

  it("takes them off also when the first try to do so failed", async () => {
    await request();
    await planChanges("again");
    world.messenger.failNext("close", slackIsDown);
    await expect(request()).rejects.toThrow(slackIsDown.message);
    await request();
    expect(world.messenger.messages().map(({ closed }) => closed?.ending)).toEqual([
      "Outdated",
      undefined,
    ]);
  });

  it("asks again also when Slack refuses to take them off: a vote about the plan before counts nowhere", async () => {
    await request();
    await planChanges("again");
    world.messenger.failNext("close", channelIsArchived);
    expect(await request()).toMatchObject({ outcome: "asked" });
    const { plan: hash = "" } = await world.promotion("p-1");
    expect(world.messenger.messages().at(-1)?.question.hash).toBe(hash);
    expect(await world.approvals.read("p-1", hash)).toMatchObject({ state: "pending" });
  });

  it("takes the buttons off again when the promotion was closed while the message was on its way", async () => {
    const ask: ShopWorld["messenger"]["ask"] = async (...call) => {
      await world.promotions.close("p-1", {
        ending: "Cancelled",
        reasons: ["its execution was stopped"],
        closedAt: 5,
      });
      return world.messenger.ask(...call);
    };
    await requestApproval.run(
      { promotion: "p-1" },
      { ...world, messenger: { ...world.messenger, ask } },
    );
    expect(world.messenger.messages()).toMatchObject([
      { closed: { ending: "Cancelled", reasons: ["its execution was stopped"] } },
    ]);
  });

  it("has asked also when Slack refuses to take the buttons off then", async () => {
    const ask: ShopWorld["messenger"]["ask"] = async (...call) => {
      await world.promotions.close("p-1", {
        ending: "Cancelled",
        reasons: ["its execution was stopped"],
        closedAt: 5,
      });
      return world.messenger.ask(...call);
    };
    world.messenger.failNext("close", channelIsArchived);
    expect(
      await requestApproval.run(
        { promotion: "p-1" },
        { ...world, messenger: { ...world.messenger, ask } },
      ),
    ).toMatchObject({ outcome: "asked" });
  });

  it("refuses to ask about a fourth plan", async () => {
    for (const content of ["first", "second", "third"]) {
      await planChanges(content);
      expect(await request()).toMatchObject({ outcome: "asked" });
    }
    await planChanges("fourth");
    expect(await request()).toMatchObject({
      outcome: "close",
      reasons: ["Refused", expect.stringContaining("after 3 questions")],
    });
    expect(world.messenger.messages()).toHaveLength(3);
  });

  it("bars the requester where the requester may not approve", async () => {
    world = aWorld();
    world.push("1.0.0");
    await world.open({ id: "p-1", version: "1.0.0", requester: "ANNA" });
    await plan(world, "p-1");
    await request();
    const { plan: hash = "" } = await world.promotion("p-1");
    expect((await world.approvals.read("p-1", hash))?.barred).toBe("ANNA");
  });

  describe("when the requester may not approve and is an approver", () => {
    it("shows people only those who can answer", async () => {
      await annaAsks(["ANNA", "BEN"]);
      expect((await request()).reasons).toEqual([
        expect.stringMatching(/^asked BEN in #releases, until \d{4}-\d\d-\d\d \d\d:\d\d:\d\d UTC$/),
      ]);
      expect(world.messenger.messages()[0]?.question.approvers).toEqual(["BEN"]);
    });

    it("refuses at once when no one else could answer, and posts nothing", async () => {
      await annaAsks(["ANNA"]);
      const { outcome, reasons } = await request();
      expect([outcome, reasons[0]]).toEqual(["close", "Refused"]);
      for (const part of [
        "ANNA requested it",
        "requester: may-not-approve",
        "no one else may vote",
        "add an approver",
      ]) {
        expect(reasons[1]).toContain(part);
      }
      expect(world.messenger.messages()).toEqual([]);
      expect((await world.promotion("p-1")).rounds).toEqual([]);
    });
  });

  it("refuses when fewer people may answer than must agree", async () => {
    world = aWorld({ production: { approval: { ...policy, required: 3 } } });
    world.push("1.0.0");
    await world.open({ id: "p-1", version: "1.0.0" });
    await plan(world, "p-1");
    expect((await request()).reasons).toEqual([
      "Refused",
      "production needs 3 approvals: only ANNA, BEN may vote. Have someone else promote it, or add an approver to promoter.yml",
    ]);
  });

  it("bars no one where the requester may approve", async () => {
    world = aWorld({ production: { approval: { ...policy, requester: "may-approve" } } });
    world.push("1.0.0");
    await world.open({ id: "p-1", version: "1.0.0", requester: "ANNA" });
    await plan(world, "p-1");
    await request();
    const { plan: hash = "" } = await world.promotion("p-1");
    expect((await world.approvals.read("p-1", hash))?.barred).toBeUndefined();
  });

  it("asks no one about a version that was rebuilt meanwhile", async () => {
    const digests = world.push("1.0.0", "rebuilt");
    await onImagePush.run(
      pushEvent({
        id: "e-1",
        repository: "shop-api",
        digest: digests["shop-api"],
        version: "1.0.0",
      }),
      world,
    );
    expect(await request()).toMatchObject({
      outcome: "close",
      reasons: ["Superseded", expect.stringContaining("1.0.0 was rebuilt")],
    });
    expect(world.messenger.messages()).toEqual([]);
  });

  it("asks no one once it was cancelled", async () => {
    await world.promotions.markCancelled("p-1", { by: "BEN", at: 1 });
    expect(await request()).toMatchObject({
      outcome: "close",
      reasons: ["Cancelled", "cancelled by BEN"],
    });
    expect(world.messenger.messages()).toEqual([]);
  });
});
