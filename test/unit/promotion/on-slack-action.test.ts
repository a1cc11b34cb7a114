import { beforeEach, describe, expect, it } from "vitest";
import { onSlackAction, type SlackClick } from "../../../src/promotion/on-slack-action.ts";
import { aWorld, type World } from "../../builders/a-world.ts";
import { goThrough, goOn } from "../../builders/go-through.ts";

const answerTo = "https://hooks.slack.test/actions/1";

describe("a click in Slack", () => {
  let world: World;
  let hash: string;
  const click = (change: Partial<SlackClick> = {}) =>
    onSlackAction({ user: "ANNA", choice: "approve", promotion: "p-1", hash, responseUrl: answerTo, ...change }, world);
  const votes = async () => (await world.approvals.read("p-1", hash))?.votes.map(({ user, choice }) => `${user} ${choice}`);
  const told = () => world.messenger.answers.map(({ text }) => text);

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
    world = aWorld({ production: { approval: { channel: "#releases", approvers: ["ANNA", "BEN"], required: 2, expires: 60_000, requester: "may-approve" } } });
    world.push("1.0.0");
    await goThrough(world, { id: "p-1", version: "1.0.0", to: "asked" });
    await click();
    expect(await click()).toMatchObject({ outcome: "repeated" });
    expect(await votes()).toEqual(["ANNA approve"]);
    expect(told()).toEqual(["Your vote is counted already."]);
  });

  it("wakes the promotion on a second click when the first one's wake-up was lost", async () => {
    world = aWorld({ production: { approval: { channel: "#releases", approvers: ["ANNA", "BEN"], required: 2, expires: 60_000, requester: "may-approve" } } });
    world.push("1.0.0");
    await goThrough(world, { id: "p-1", version: "1.0.0", to: "asked" });
    await click();
    await world.sleep("p-1", "vote");
    await click();
    expect(world.workflow.woken).toEqual(["token-p-1"]);
  });

  it.each<[string, Partial<SlackClick>, string, RegExp]>([
    ["who is not an approver", { user: "EVE" }, "not-an-approver", /not among the approvers/],
    ["about an older plan", { hash: "0".repeat(64) }, "outdated", /plan has changed/],
    ["about a promotion that is not known", { promotion: "p-9" }, "outdated", /not known/],
  ])("of somebody %s changes nothing and is answered", async (_, change, outcome, words) => {
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

  it("after the deadline is too late", async () => {
    world.pass(86_400_000);
    expect(await click()).toMatchObject({ outcome: "too-late" });
    expect(await votes()).toEqual([]);
  });

  it("against an approval names who decided", async () => {
    await click();
    expect(await click({ user: "BEN", choice: "reject" })).toMatchObject({ outcome: "decided" });
    expect(told()).toEqual(["This was decided already: approved by <@ANNA>."]);
  });

  it("on the message of a promotion that has ended says how", async () => {
    await goOn(world, "p-1", { from: "asked", to: "closed" });
    expect(await click({ user: "BEN" })).toMatchObject({ outcome: "outdated" });
    expect(told()).toEqual(["This promotion has ended already: Promoted."]);
  });

  it("is counted next to one of the same moment", async () => {
    const [first, second] = await Promise.all([click(), click({ user: "BEN", choice: "reject" })]);
    expect([first.outcome, second.outcome].toSorted()).toEqual(["counted", "decided"]);
    expect(await votes()).toHaveLength(1);
  });
});
