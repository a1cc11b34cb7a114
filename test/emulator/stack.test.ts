import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import {
  EventBridgeClient,
  ListRulesCommand,
  TestEventPatternCommand,
  type Rule,
} from "@aws-sdk/client-eventbridge";
import { slackSignature } from "@promoter/local-cloud/internal/slack/sign-request.ts";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { dynamodbReleases } from "../../src/adapters/dynamodb/releases.ts";
import { clientSettings, lacksEmulator } from "./emulator.ts";
import { examples, imageEvent } from "./example-events.ts";
import { startListener } from "./listener.ts";
import { messagesOf } from "./queue.ts";
import { putEvent, startDeployed, type Deployed } from "./start-deployed.ts";
import { until } from "./until.ts";

/**
 * The way of a promotion that is approved and succeeds (docs/architecture.md); how often it waits
 * for facts and pods depends on the machine.
 */
const way = [
  "ResolveRelease",
  "VerifyImages",
  "CheckProductionTags",
  "PreparePodSpec",
  "EnterEnvironment",
  "RequestApproval",
  "AwaitVote",
  "DecideApproval",
  "BeginWriting",
  "RetagImages",
  "DeployPodSpec",
  "CheckRollout",
  "MoveMovingTags",
  "ClosePromotion",
  "Announce",
  "Promoted",
];
const waits: ReadonlySet<string> = new Set(["AwaitFacts", "AwaitRollout"]);

describe.skipIf(lacksEmulator)("the packaged stack in an emulator", () => {
  let deployed: Deployed;
  beforeAll(async () => void (deployed = await startDeployed()));
  afterAll(() => deployed.close());

  it("has functions whose minified bundles load, and read the configuration that was packaged with them", async () => {
    const { functions } = deployed;
    const names = await functions.names();
    expect(names).toHaveLength(
      Object.values(deployed.stack.template.Resources).filter(
        ({ Type }) => Type === "AWS::Lambda::Function",
      ).length,
    );
    // The others take any event.
    const choosy = names.filter((name) => !["reconcile", "on-slack-action"].includes(name));
    const refusals = await Promise.all(
      choosy.map((name) => functions.invoke(name, { nobody: "expects this" }).catch(String)),
    );
    const refused = /the (?:input of the function is not valid|event is not valid input)/;
    expect(refusals.filter((refusal) => !refused.test(JSON.stringify(refusal)))).toEqual([]);
    expect(await functions.invoke("show-status", {})).toMatchObject([
      { application: "orderbook", environments: [{ environment: "production" }], promotions: [] },
    ]);
    await functions.invoke("reconcile", {});
  });

  it.each(examples)("leads $name to the rule: $reaches", async ({ event, reaches }) => {
    expect(await rulesFor(event)).toEqual(reaches === "none" ? [] : [`promoter-test-${reaches}`]);
  });

  it("leads a push through the rule to on-image-push, which collects it", async () => {
    const client = new DynamoDBClient(clientSettings());
    const releases = dynamodbReleases({ client, table: deployed.stack.outputs["TableName"] ?? "" });
    await putEvent(imageEvent({ "image-tag": "dev-0.9.0" }));
    const release = await until(() =>
      releases.read({ application: "orderbook", version: "0.9.0" }),
    );
    expect(Object.values(release.members)).toMatchObject([
      { repository: "orderbook-api", digest: imageEvent().detail["image-digest"] },
    ]);
    expect(await deployed.functions.invoke("show-status", {})).toMatchObject([
      { incomplete: [{ version: "0.9.0", missing: ["orderbook-ui"] }] },
    ]);
    client.destroy();
  });

  it.each([
    ["a forged click", { signature: "v0=00", body: "payload=%7B%7D" }, 401],
    ["a signed post that is no click", { signature: undefined, body: "payload=none" }, 400],
  ])("answers %s at the function URL", async (_, { signature, body }, status) => {
    const timestamp = String(Math.floor(Date.now() / 1000));
    const headers = {
      "content-type": "application/x-www-form-urlencoded",
      "x-slack-request-timestamp": timestamp,
      "x-slack-signature":
        signature ?? slackSignature(deployed.around.secret.signingSecret, timestamp, body),
    };
    expect((await fetch(deployed.callback, { method: "POST", headers, body })).status).toBe(status);
  });

  it("keeps an event whose function fails every time in the queue for dead letters", async () => {
    const event = {
      version: "0",
      id: "e-1",
      account: "111122223333",
      time: "2026-01-05T08:00:00Z",
      region: "eu-west-1",
      ...imageEvent({ "image-tag": "dev-0.8.0" }),
    };
    await deployed.functions.addEnvironment({ PROMOTER_TABLE: "another-table" }, ["on-image-push"]);
    await deployed.functions.hand("on-image-push", event);
    expect(await messagesOf("promoter-test-dead-letters", 1)).toMatchObject([
      { requestPayload: event, requestContext: { condition: "RetriesExhausted" } },
    ]);
    await deployed.functions.addEnvironment(
      { PROMOTER_TABLE: deployed.stack.outputs["TableName"] ?? "" },
      ["on-image-push"],
    );
  });

  it("promotes what was pushed, once an approver approves", async () => {
    const listener = await startListener();
    const promotion = await deployed.release("1.4.2");
    await deployed.asked(promotion);
    await deployed.click(promotion, "approve");
    const { promotion: ended } = await deployed.ended(promotion);
    expect(ended).toMatchObject({ ending: "Promoted", version: "1.4.2", trigger: "push" });
    expect(ended.members).toHaveLength(2);
    for (const { repository, digest } of ended.members ?? []) {
      expect(
        deployed.around.ecr
          .images(repository)
          .find((image) => image.digest === digest)
          ?.tags.toSorted(),
      ).toEqual(["dev-1.4.2", "prod", "prod-1.4.2"]);
    }
    expect(deployed.around.cluster.objects("Pod", "orderbook")).toHaveLength(4);
    expect(await listener.heard(1)).toMatchObject([
      { detailType: "Promotion Ended", detail: { promotion, ending: "Promoted" } },
    ]);
    const { status, output, states } = await deployed.workflow.execution(promotion);
    expect({ status, output }).toEqual({
      status: "SUCCEEDED",
      output: { promotion, ending: "Promoted" },
    });
    expect([...new Set(states)].filter((state) => !waits.has(state))).toEqual(way);
    await listener.stop();
  });

  it("ends as rejected, and writes nothing, when an approver rejects", async () => {
    const promotion = await deployed.release("1.4.3");
    await deployed.asked(promotion);
    await deployed.click(promotion, "reject");
    expect((await deployed.ended(promotion)).promotion.ending).toBe("Rejected");
    expect(deployed.around.ecr.images("orderbook-api").flatMap(({ tags }) => tags)).not.toContain(
      "prod-1.4.3",
    );
    expect(await deployed.workflow.execution(promotion)).toMatchObject({
      status: "SUCCEEDED",
      output: { promotion, ending: "Rejected" },
    });
  });

  it("closes a promotion whose execution was stopped", async () => {
    const promotion = await deployed.release("1.5.0");
    await deployed.asked(promotion);
    await deployed.workflow.stop(promotion);
    expect((await deployed.ended(promotion)).promotion).toMatchObject({
      ending: "Cancelled",
      reasons: ["its execution ended as aborted"],
    });
    expect((await deployed.workflow.execution(promotion)).status).toBe("ABORTED");
  });
});

async function rulesFor(event: object): Promise<readonly string[]> {
  const client = new EventBridgeClient(clientSettings());
  const { Rules = [] } = await client.send(new ListRulesCommand({ NamePrefix: "promoter-test-" }));
  const whole = {
    version: "0",
    id: "1",
    account: "111122223333",
    time: "2026-01-05T08:00:00Z",
    region: "eu-west-1",
    ...event,
  };
  const matches = async ({ EventPattern }: Rule): Promise<boolean> =>
    EventPattern !== undefined &&
    ((
      await client.send(new TestEventPatternCommand({ EventPattern, Event: JSON.stringify(whole) }))
    ).Result ??
      false);
  const matching = await Promise.all(
    Rules.map(async (rule) => ((await matches(rule)) ? [rule.Name ?? ""] : [])),
  );
  client.destroy();
  return matching.flat();
}
