import { GetFunctionCommand, LambdaClient } from "@aws-sdk/client-lambda";
import { describe, expect, test } from "vitest";
import { changeSigningSecret, postClick } from "./post-click.ts";
import { startWorld } from "./start-world.ts";
import { withoutPushRule } from "./without-push-rule.ts";

const approver = "U012AB3CD";

describe("the rule of the template", () => {
  test("without PushRule a push starts nothing: no other way leads from the registry to the promoter", async () => {
    const world = await startWorld({ changeTemplate: withoutPushRule });
    await world.pushRelease("1.4.2");
    await world.pass(60_000);
    expect(world.promotions()).toEqual([]);
    expect(world.logs.filter(({ function: name }) => name === "OnImagePush")).toEqual([]);
  });

  test("without PushRule a person can still promote by hand, from the dev tags", async () => {
    const world = await startWorld({ changeTemplate: withoutPushRule });
    await world.pushRelease("1.4.2");
    await world.promote("1.4.2");
    expect(await world.approve()).toBe("Promoted");
  });

  test.each(["orderbook-1.4.2", "größer(2)'s+1=@!"])(
    "a person may name the execution as Step Functions allows: %s",
    async (name) => {
      const world = await startWorld({ changeTemplate: withoutPushRule });
      await world.pushRelease("1.4.2");
      await world.start(
        { application: "orderbook", version: "1.4.2", environment: "production" },
        name,
      );
      expect(await world.approve(name)).toBe("Promoted");
      expect((await world.show(name)).trail.at(-1)).toMatchObject({
        step: "Announce",
        outcome: "Promoted",
      });
    },
  );

  test("a push to a repository without an application wakes no function", async () => {
    const world = await startWorld({
      repositories: ["orderbook-api", "orderbook-ui", "somebody"].map((name) => ({ name })),
    });
    await world.push("somebody", "1.4.2");
    expect(world.logs).toEqual([]);
  });
});

describe("the callback of the approval", () => {
  test.each([
    { what: "signed with another secret", click: { signingSecret: "guessed" } },
    {
      what: "changed after it was signed",
      click: { tamper: (body: string) => body.replace("reject", "approve"), choice: "reject" },
    },
    { what: "signed six minutes ago, as a replayed one is", click: { off: -6 * 60_000 } },
    { what: "signed in the future", click: { off: 6 * 60_000 } },
  ] as const)("a post $what gets 401 and changes nothing", async ({ click }) => {
    const world = await startWorld();
    const promotion = await world.pushRelease("1.4.2");
    const { approval, trail } = await world.asked(promotion);
    expect(
      await postClick(world, { promotion, hash: approval?.hash ?? "", user: approver, ...click }),
    ).toBe(401);
    const after = await world.show(promotion);
    expect(after.approval).toEqual(approval);
    expect(after.trail).toEqual(trail);
    expect(world.tagged("orderbook-api", "prod-1.4.2")).toBeUndefined();
  });

  test("a post without a signature gets 401", async () => {
    const world = await startWorld();
    const { status } = await fetch(
      `${world.cloud.origin}/_functions/promoter-dev-on-slack-action/`,
      { method: "POST", body: "payload={}" },
    );
    expect(status).toBe(401);
  });

  test("a click that is signed with a signing secret changed a moment ago counts", async () => {
    const world = await startWorld();
    const promotion = await world.pushRelease("1.4.2");
    const { approval } = await world.asked(promotion);
    const click = { promotion, hash: approval?.hash ?? "", user: approver };
    expect(await postClick(world, { ...click, hash: "0".repeat(64) })).toBe(200);
    await changeSigningSecret(world, "changed-a-moment-ago");
    expect(await postClick(world, { ...click, signingSecret: "changed-a-moment-ago" })).toBe(200);
    expect(await world.ending(promotion)).toBe("Promoted");
  });

  test("a genuine click is sent twice: the second changes nothing", async () => {
    const world = await startWorld();
    const promotion = await world.pushRelease("1.4.2");
    const { approval } = await world.asked(promotion);
    const click = { promotion, hash: approval?.hash ?? "", user: approver };
    expect(await postClick(world, click)).toBe(200);
    expect(await world.ending(promotion)).toBe("Promoted");
    const before = await world.show(promotion);
    expect(await postClick(world, click)).toBe(200);
    expect(await world.show(promotion)).toEqual(before);
  });

  test.each([
    "promoter-dev-retag-images/",
    "2015-03-31/functions/promoter-dev-retag-images/invocations",
    "",
    "../2015-03-31/functions/",
  ])("no other function has an address of its own: %j", async (path) => {
    const world = await startWorld();
    const { status } = await fetch(`${world.cloud.origin}/_functions/${path}`, {
      method: "POST",
      body: "{}",
    });
    expect([403, 404]).toContain(status);
    expect(world.logs).toEqual([]);
  });

  test("what Lambda can do besides invoking is refused by name, and invokes nothing", async () => {
    const world = await startWorld();
    const lambda = new LambdaClient({
      region: "eu-west-1",
      endpoint: world.cloud.origin,
      credentials: { accessKeyId: "LOCALPERSON", secretAccessKey: "local" },
      maxAttempts: 1,
    });
    await expect(
      lambda.send(new GetFunctionCommand({ FunctionName: "promoter-dev-reconcile" })),
    ).rejects.toThrow(
      "the local cloud does not support GET /2015-03-31/functions/promoter-dev-reconcile of Lambda: nothing that the promoter ships uses it",
    );
    expect(world.logs).toEqual([]);
  });
});
