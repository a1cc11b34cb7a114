import { describe, expect, test } from "vitest";
import { postClick } from "./post-click.ts";
import { withoutApproval } from "./shop.ts";
import { startWorld, type StoryWorld } from "./start-world.ts";

const approver = "U012AB3CD";
const shortVote = (yaml: string): string => yaml.replace("expires: 24h", "expires: 1h");

const reconcileRuns = ({ logs }: StoryWorld): number =>
  logs.filter(({ function: name }) => name === "Reconcile").length;

describe("two promotions of one environment", () => {
  test("a push and a start by hand at once: one is promoted, the other finds it done", async () => {
    const world = await startWorld();
    await world.push("orderbook-api", "1.4.2");
    const pushing = world.push("orderbook-ui", "1.4.2");
    await untilTagged(world, "orderbook-ui");
    await Promise.all([
      pushing,
      world.start(
        { application: "orderbook", version: "1.4.2", environment: "production" },
        "by-hand",
      ),
    ]);
    const ids = world.promotions();
    if (ids.length === 1) throw new Error("the push started nothing");
    await world.until(
      async () =>
        (await questions(world)).length > 0 ||
        (await endings(world)).every((ending) => ending !== undefined),
    );
    const [asked = ""] = await questions(world);
    expect(await questions(world)).toHaveLength(1);
    await world.click(asked, "approve");
    expect(await world.ending(asked)).toBe("Promoted");
    for (const id of ids) await world.ending(id);
    expect(new Set(await endings(world))).toEqual(new Set(["AlreadyPromoted", "Promoted"]));
  });

  test("two wait for a third: the higher version keeps the place next, the other is superseded", async () => {
    const world = await startWorld();
    const first = await world.pushRelease("1.4.2");
    await world.asked(first);
    const second = await world.pushRelease("1.4.3");
    await world.pass(30_000);
    expect((await world.status()).environments[0]?.lock).toMatchObject({
      owner: { promotion: first },
      next: { promotion: second },
    });
    const third = await world.pushRelease("1.4.10");
    expect(await world.ending(second)).toBe("Superseded");
    expect(await world.reasons(second)).toContain(third);
    const lower = await world.pushRelease("1.4.9");
    expect(await world.ending(lower)).toBe("Superseded");

    expect(await world.approve(first)).toBe("Promoted");
    expect(await world.approve(third)).toBe("Promoted");
    expect((await world.status()).environments[0]?.current?.version).toBe("1.4.10");
  });

  test("the next in line continues as soon as the owner has closed, long before reconcile looks", async () => {
    const world = await startWorld();
    const first = await world.pushRelease("1.4.2");
    await world.asked(first);
    const second = await world.pushRelease("1.4.3");
    await world.until(
      async () => (await world.status()).environments[0]?.lock.next?.promotion === second,
    );
    expect(await world.approve(first)).toBe("Promoted");
    const reconciled = reconcileRuns(world);
    const { closedAt = 0 } = (await world.show(first)).promotion;
    await world.until(async () => (await world.show(second)).approval?.state === "pending");
    expect(world.clock.now() - closedAt).toBeLessThan(30_000);
    expect(reconcileRuns(world)).toBe(reconciled);
  });

  test("an older version that a push brings after a newer one was promoted is refused", async () => {
    const world = await startWorld({ yaml: withoutApproval });
    await world.pushRelease("1.4.10");
    expect(await world.ending()).toBe("Promoted");
    const older = await world.pushRelease("1.4.9");
    expect(await world.ending(older)).toBe("Refused");
    expect(await world.reasons(older)).toContain("1.4.10");
  });
});

describe("votes", () => {
  test("a click in the last moment beats the time-out", async () => {
    const world = await startWorld({ yaml: shortVote });
    const promotion = await world.pushRelease("1.4.2");
    const { approval } = await world.asked(promotion);
    await world.pass((approval?.deadline ?? 0) - world.clock.now() - 1);
    await world.click(promotion, "approve");
    expect(await world.ending(promotion)).toBe("Promoted");
  });

  test("a click and the time-out at the same moment have one winner, and only the time-out can be it", async () => {
    const world = await startWorld({ yaml: shortVote });
    const promotion = await world.pushRelease("1.4.2");
    const { approval } = await world.asked(promotion);
    world.clock.advanceTo(approval?.deadline ?? 0);
    await postClick(world, { promotion, hash: approval?.hash ?? "", user: approver });
    expect(await world.ending(promotion)).toBe("Expired");
    expect(world.tagged("orderbook-api", "prod-1.4.2")).toBeUndefined();
  });

  test("a double click is one vote", async () => {
    const world = await startWorld();
    const promotion = await world.pushRelease("1.4.2");
    const { approval } = await world.asked(promotion);
    const click = { promotion, hash: approval?.hash ?? "", user: approver };
    expect(await Promise.all([postClick(world, click), postClick(world, click)])).toEqual([
      200, 200,
    ]);
    expect(await world.ending(promotion)).toBe("Promoted");
    expect((await world.show(promotion)).approval).toMatchObject({
      state: "approved",
      votes: [{ user: approver, choice: "approve" }],
    });
  });

  test("approve and reject at the same moment have one winner, and it ends accordingly", async () => {
    const world = await startWorld({
      yaml: (yaml) => yaml.replace("approvers: [U012AB3CD]", "approvers: [U012AB3CD, U0456DEFG]"),
    });
    const promotion = await world.pushRelease("1.4.2");
    const { approval } = await world.asked(promotion);
    const hash = approval?.hash ?? "";
    await Promise.all([
      postClick(world, { promotion, hash, user: approver }),
      postClick(world, { promotion, hash, user: "U0456DEFG", choice: "reject" }),
    ]);
    const ending = await world.ending(promotion);
    const { approval: decided } = await world.show(promotion);
    expect(decided?.votes).toHaveLength(1);
    expect([ending, decided?.votes[0]?.choice]).toEqual(
      decided?.state === "approved" ? ["Promoted", "approve"] : ["Rejected", "reject"],
    );
  });

  test("an approval of a plan that changed since is asked for again, and the old buttons count no more", async () => {
    const world = await startWorld();
    const promotion = await world.pushRelease("1.4.2");
    const { approval: first } = await world.asked(promotion);
    world.redeploy((objects) =>
      objects.map((object) =>
        object.kind === "ConfigMap" ? { ...object, data: { LOG_LEVEL: "debug" } } : object,
      ),
    );
    await world.click(promotion, "approve");
    await world.until(
      async () =>
        (await world.show(promotion)).approval?.hash !== first?.hash &&
        (await world.show(promotion)).approval?.state === "pending",
    );

    await postClick(world, { promotion, hash: first?.hash ?? "", user: approver });
    expect(
      world.logs.filter(({ function: name }) => name === "OnSlackAction").at(-1),
    ).toMatchObject({ outcome: "outdated" });
    expect((await world.show(promotion)).approval).toMatchObject({ state: "pending", votes: [] });
    expect(world.tagged("orderbook-api", "prod-1.4.2")).toBeUndefined();

    expect(await world.approve(promotion)).toBe("Promoted");
    expect(
      JSON.stringify(world.cloud.clusters.get("orderbook-prod")?.objects("ConfigMap", "orderbook")),
    ).toContain('"LOG_LEVEL":"debug"');
  });

  test("an approval does not let in an unverified image when the stack is redeployed during the vote", async () => {
    const world = await startWorld();
    const promotion = await world.pushRelease("1.4.2");
    await world.asked(promotion);
    world.redeploy((objects) =>
      objects.map((object) =>
        object.metadata.name === "orderbook-ui" && object.kind === "Deployment"
          ? (JSON.parse(
              JSON.stringify(object).replaceAll("/orderbook-ui", "/orderbook-worker"),
            ) as typeof object)
          : object,
      ),
    );
    await world.click(promotion, "approve");
    expect(await world.ending(promotion)).toBe("Refused");
    expect(await world.reasons(promotion)).toMatch(
      /orderbook-worker is not an image of application orderbook[^]*no object of production uses orderbook-ui/,
    );
    expect(world.tagged("orderbook-api", "prod-1.4.2")).toBeUndefined();
  });

  test("a person who is not an approver, and the requester where that is barred, change nothing", async () => {
    const yaml = (text: string): string =>
      text.replace(`[${approver}]`, `[${approver}, U0OTHER99]`);
    const world = await startWorld({ yaml, people: [{ id: "U0GUEST", name: "guest" }] });
    await world.pushRelease("1.4.2");
    const [push = ""] = world.promotions();
    await world.invoke("cancel-promotion", { promotion: push, by: "ada" });
    await world.ending(push);
    const promotion = await world.promote("1.4.2", { requester: approver });
    await world.asked(promotion);
    await world.click(promotion, "approve", "U0GUEST");
    await world.click(promotion, "approve", approver);
    const { approval } = await world.show(promotion);
    expect(approval).toMatchObject({ state: "pending", votes: [], barred: approver });
    const answers = JSON.stringify(world.cloud.slack.messages(approval?.message?.channel ?? ""));
    expect(answers).toContain("You are not an approver");
    expect(answers).toContain("The requester of a promotion may not approve it");
  });
});

describe("pushes", () => {
  test("events that arrive twice, and a second rule delivery later, start one execution", async () => {
    const world = await startWorld();
    world.cloud.eventbridge.controls.behave(() => [0, 0, 90_000]);
    await world.pushRelease("1.4.2");
    await world.pass(120_000);
    expect(world.promotions()).toHaveLength(1);
  });

  test("events that arrive in the other order than they happened start one execution with both members", async () => {
    const world = await startWorld({ yaml: withoutApproval });
    world.cloud.eventbridge.controls.behave(({ detail }) =>
      JSON.stringify(detail).includes("orderbook-api") ? [5000] : [0],
    );
    await world.pushRelease("1.4.2");
    expect(world.promotions()).toEqual([]);
    await world.pass(6000);
    expect(world.promotions()).toHaveLength(1);
    expect(await world.ending()).toBe("Promoted");
  });

  test("a push that could start nothing is found again by reconcile", async () => {
    const world = await startWorld();
    world.cloud.calls.setFaults(({ action }) =>
      action === "states:StartExecution" ? "fails-before" : undefined,
    );
    await world.pushRelease("1.4.2");
    expect(world.promotions()).toEqual([]);
    world.cloud.calls.setFaults(undefined);
    world.cloud.eventbridge.controls.behave(({ source }) => (source === "aws.ecr" ? [] : [0]));
    await world.pass(10 * 60_000);
    expect(world.promotions()).toHaveLength(1);
  });

  test.each([
    {
      what: "by digest only, as the children of an index are",
      tag: "",
      repository: "orderbook-ui",
    },
    { what: "of a tag that is no dev tag", tag: "latest", repository: "orderbook-ui" },
    { what: "of one of our own production tags", tag: "prod-1.4.2", repository: "orderbook-ui" },
    {
      what: "of a cosign signature",
      tag: `sha256-${"0".repeat(64)}.sig`,
      repository: "orderbook-ui",
    },
    { what: "to kaniko's cache", tag: "dev-1.4.2", repository: "orderbook-ui/cache" },
    { what: "to a repository without an application", tag: "dev-1.4.2", repository: "somebody" },
  ])("a push $what completes no release", async ({ tag, repository }) => {
    const names = ["orderbook-api", "orderbook-ui", "orderbook-ui/cache", "somebody"];
    const world = await startWorld({ repositories: names.map((name) => ({ name })) });
    await world.push("orderbook-api", "1.4.2");
    await world.push(repository, "1.4.2", tag === "" ? { untagged: true } : { tag });
    await world.pass(1000);
    expect(world.promotions()).toEqual([]);
    expect((await world.status()).incomplete).toMatchObject([
      { version: "1.4.2", missing: ["orderbook-ui"] },
    ]);
  });

  test("a version that is rebuilt before it is promoted waits until it stays unchanged, and the newest digests go", async () => {
    const world = await startWorld({ yaml: withoutApproval });
    await world.push("orderbook-api", "1.4.2");
    await world.push("orderbook-api", "1.4.2", { content: "again" });
    const pushedAt = world.clock.now();
    await world.push("orderbook-ui", "1.4.2");
    expect(await world.ending()).toBe("Promoted");
    const { openedAt, closedAt = 0 } = (await world.show(world.promotions()[0] ?? "")).promotion;
    expect(openedAt).toBe(pushedAt);
    expect(closedAt - pushedAt).toBeGreaterThanOrEqual(120_000);
    expect(world.tagged("orderbook-api", "prod")).toBe(world.tagged("orderbook-api", "dev-1.4.2"));
  });
});

async function questions(world: StoryWorld): Promise<readonly string[]> {
  const shown = await Promise.all(world.promotions().map((id) => world.show(id)));
  return shown
    .filter(({ approval }) => approval?.state === "pending")
    .map(({ promotion }) => promotion.id);
}

async function endings(world: StoryWorld): Promise<readonly (string | undefined)[]> {
  const shown = await Promise.all(world.promotions().map((id) => world.show(id)));
  return shown.map(({ promotion }) => promotion.ending);
}

/**
 * The registry has the image; its event may still be on the way. Earlier, a start by hand would
 * rightly end as incomplete.
 */
async function untilTagged({ cloud }: StoryWorld, repository: string): Promise<void> {
  while (!cloud.ecr.images(repository).some(({ tags }) => tags.length > 0)) {
    await new Promise((resolve) => setImmediate(resolve));
  }
}
