import { beforeEach, describe, expect, it } from "vitest";
import { onSlackAction, type Click } from "../../../../src/promotion/events/on-slack-action.ts";
import { aWorld, type ShopWorld } from "../../../builders/a-world.ts";
import { clickedOn, goThrough, goOn } from "../../../builders/go-through.ts";

const answerTo = "https://hooks.slack.test/actions/1";

describe("a click in Slack", () => {
  let world: ShopWorld;
  let hash: string;
  const click = (change: Partial<Click> = {}) =>
    onSlackAction.run(
      {
        user: "ANNA",
        choice: "approve",
        promotion: "p-1",
        hash,
        answerAddress: answerTo,
        message: clickedOn(world),
        ...change,
      },
      world,
    );
  const votes = async () =>
    (await world.approvals.read("p-1", hash))?.votes.map(({ user, choice }) => `${user} ${choice}`);
  const told = () => world.messenger.answers.map(({ text }) => text);

  const clicks = async () =>
    (await world.trail.read("p-1"))
      .filter(({ step }) => step === "OnSlackAction")
      .map(({ who, outcome }) => `${who} ${outcome}`);
  const record = async (posted: { readonly app?: string; readonly workspace?: string }) => {
    const approval = await world.approvals.read("p-1", hash);
    if (approval?.message) {
      await world.approvals.write({
        ...approval,
        message: { ...approval.message, ...posted },
        revision: approval.revision + 1,
      });
    }
  };

  beforeEach(async () => {
    world = aWorld();
    world.push("1.0.0");
    await goThrough(world, { id: "p-1", version: "1.0.0", to: "asked" });
    ({ plan: hash = "" } = await world.promotion("p-1"));
    await world.sleep("p-1", "vote");
  });

  it("stores the vote and wakes the promotion", async () => {
    expect(await click()).toMatchObject({ outcome: "counted" });
    expect(await votes()).toEqual(["ANNA approve"]);
    expect(world.workflow.woken).toEqual(["token-p-1"]);
    expect(told()).toEqual([]);
  });

  it("counts a double click once and says so", async () => {
    world = aWorld({
      production: {
        approval: {
          channel: "#releases",
          approvers: ["ANNA", "BEN"],
          required: 2,
          expires: 60_000,
          requester: "may-approve",
        },
      },
    });
    world.push("1.0.0");
    await goThrough(world, { id: "p-1", version: "1.0.0", to: "asked" });
    await click();
    expect(await click()).toMatchObject({ outcome: "repeated" });
    expect(await votes()).toEqual(["ANNA approve"]);
    expect(told()).toEqual(["Your vote has already been counted."]);
  });

  it("wakes the promotion on a second click when the first one's wake-up was lost", async () => {
    world = aWorld({
      production: {
        approval: {
          channel: "#releases",
          approvers: ["ANNA", "BEN"],
          required: 2,
          expires: 60_000,
          requester: "may-approve",
        },
      },
    });
    world.push("1.0.0");
    await goThrough(world, { id: "p-1", version: "1.0.0", to: "asked" });
    await click();
    await world.sleep("p-1", "vote");
    await click();
    expect(world.workflow.woken).toEqual(["token-p-1"]);
  });

  it.each<[string, Partial<Click>, string, RegExp]>([
    ["of a person who is not an approver", { user: "EVE" }, "not-an-approver", /not an approver/],
    ["about an older plan", { hash: "0".repeat(64) }, "outdated", /plan has changed/],
    ["about a promotion that is not known", { promotion: "p-9" }, "outdated", /does not exist/],
  ])("%s changes nothing and is answered", async (_, change, outcome, words) => {
    expect(await click(change)).toMatchObject({ outcome });
    expect(await votes()).toEqual([]);
    expect(world.workflow.woken).toEqual([]);
    expect(told()).toEqual([expect.stringMatching(words)]);
  });

  it("of the requester is refused where the requester may not approve", async () => {
    world = aWorld();
    world.push("1.0.0");
    await world.open({ id: "p-1", version: "1.0.0", requester: "ANNA" });
    await goOn(world, "p-1", { to: "asked" });
    ({ plan: hash = "" } = await world.promotion("p-1"));
    expect(await click()).toMatchObject({ outcome: "barred" });
    expect(await votes()).toEqual([]);
  });

  describe("somewhere else than on the message that asks", () => {
    it.each<[string, Partial<Click["message"]>]>([
      ["on another message", { id: "1.1" }],
      ["in another channel", { channel: "#elsewhere" }],
      ["on no message at all", { id: undefined, channel: undefined }],
      ["in another app", { app: "A2" }],
      ["in another workspace", { workspace: "T2" }],
    ])("%s counts nowhere", async (_, change) => {
      await record({ app: "A1", workspace: "T1" });
      const message = { ...clickedOn(world), app: "A1", workspace: "T1", ...change };
      expect(await click({ message })).toMatchObject({
        outcome: "outdated",
        reasons: [expect.stringContaining("This message is outdated")],
      });
      expect(await votes()).toEqual([]);
      expect(
        await click({ message: { ...clickedOn(world), app: "A1", workspace: "T1" } }),
      ).toMatchObject({ outcome: "counted" });
    });

    it("counts where the app is installed for a whole organisation, and where the question does not say who posted it", async () => {
      await record({ workspace: "T1" });
      expect(await click({ message: { ...clickedOn(world), app: "A1" } })).toMatchObject({
        outcome: "counted",
      });
    });

    it("counts while the message is not recorded yet", async () => {
      const approval = await world.approvals.read("p-1", hash);
      if (approval) {
        await world.approvals.write({
          ...approval,
          state: "posting",
          message: undefined,
          revision: approval.revision + 1,
        });
      }
      expect(await click()).toMatchObject({ outcome: "counted" });
    });
  });

  describe("in the trail", () => {
    it("stands a vote, and once for each person what did not count", async () => {
      for (let time = 0; time < 5; time += 1) {
        world.pass(1_000);
        await click({ user: "EVE" });
        await click({ user: "MALLORY" });
      }
      await click();
      for (let time = 0; time < 5; time += 1) await click({ user: "BEN" });
      expect(await clicks()).toEqual([
        "EVE not-an-approver",
        "MALLORY not-an-approver",
        "ANNA counted",
        "BEN decided",
      ]);
    });

    it("do not stand more strangers than fifty", async () => {
      for (let stranger = 0; stranger < 80; stranger += 1) await click({ user: `U${stranger}` });
      expect(await clicks()).toHaveLength(50);
      expect(await click()).toMatchObject({ outcome: "counted" });
      expect(await clicks()).toHaveLength(51);
    });
  });

  it("after the deadline is too late", async () => {
    world.pass(86_400_000);
    expect(await click()).toMatchObject({ outcome: "too-late" });
    expect(await votes()).toEqual([]);
  });

  it("against an approval names who decided", async () => {
    await click();
    expect(await click({ user: "BEN", choice: "reject" })).toMatchObject({ outcome: "decided" });
    expect(told()).toEqual(["This was already decided: approved by <@ANNA>."]);
  });

  it("on the message of a promotion that has ended says how", async () => {
    await goOn(world, "p-1", { from: "asked", to: "closed" });
    expect(await click({ user: "BEN" })).toMatchObject({ outcome: "outdated" });
    expect(told()).toEqual(["This promotion has already ended: Promoted."]);
  });

  it("is counted next to one of the same moment", async () => {
    const [first, second] = await Promise.all([click(), click({ user: "BEN", choice: "reject" })]);
    expect([first.outcome, second.outcome].toSorted()).toEqual(["counted", "decided"]);
    expect(await votes()).toHaveLength(1);
  });
});
