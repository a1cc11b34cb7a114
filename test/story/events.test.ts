import { InvokeCommand, LambdaClient } from "@aws-sdk/client-lambda";
import type { Template } from "@promoter/local-cloud/internal/template/resolve-template.ts";
import type { RecordedCall } from "@promoter/local-cloud/record";
import { describe, expect, test } from "vitest";
import { withoutApproval } from "./shop.ts";
import { startWorld, type StoryWorld } from "./start-world.ts";

const second = 1_000;
const minute = 60 * second;

/** Nothing that this function writes to the table arrives, as long as `fails` says so. */
function failing(world: StoryWorld, functionName: string, fails: () => boolean = () => true): void {
  world.cloud.calls.setFaults((call) =>
    call.functionName === `promoter-dev-${functionName}` && call.service === "dynamodb" && fails()
      ? "fails-before"
      : undefined,
  );
}

const kept = ({
  cloud,
}: StoryWorld): readonly {
  readonly requestContext: object;
  readonly requestPayload: { readonly "detail-type": string };
  readonly responsePayload: object;
}[] =>
  cloud.queues.controls
    .messages(cloud.stack.queues[0]?.arn ?? "")
    .map(({ body }) => JSON.parse(body) as ReturnType<typeof kept>[number]);

const deliveriesTo = ({ cloud }: StoryWorld, functionName: string) =>
  cloud.eventbridge.controls
    .deliveries()
    .filter(({ target }) => target.endsWith(`:promoter-dev-${functionName}`));

const withoutSending = (template: Template): Template =>
  JSON.parse(
    JSON.stringify(template).replaceAll('"sqs:SendMessage"', '"sqs:ReceiveMessage"'),
  ) as Template;

describe("an event whose function fails", () => {
  test("was delivered for EventBridge; Lambda tries it again after one minute and then after two", async () => {
    const world = await startWorld({ yaml: withoutApproval });
    const tries: number[] = [];
    const start = world.clock.now();
    world.cloud.calls.setFaults(
      ({ functionName, service }: Pick<RecordedCall, "functionName" | "service">) => {
        if (functionName !== "promoter-dev-on-image-push" || service !== "dynamodb") {
          return undefined;
        }
        const at = world.clock.now() - start;
        if (tries.at(-1) !== at) tries.push(at);
        return at < 3 * minute ? "fails-before" : undefined;
      },
    );
    await world.push("orderbook-api", "1.4.2");
    expect(deliveriesTo(world, "on-image-push")).toMatchObject([
      { attempts: 1, state: { kind: "delivered" } },
    ]);

    await world.pass(2 * minute);
    expect((await world.status()).incomplete).toEqual([]);
    await world.pass(2 * minute);
    expect((await world.status()).incomplete).toMatchObject([
      { version: "1.4.2", missing: ["orderbook-ui"] },
    ]);
    expect(tries).toEqual([0, minute, 3 * minute]);
    expect(deliveriesTo(world, "on-image-push")).toMatchObject([{ attempts: 1 }]);
    expect(kept(world)).toEqual([]);
  });

  test("is kept with the reason once Lambda gave it up, and a person who repairs it can send it again", async () => {
    const world = await startWorld({ yaml: withoutApproval });
    failing(world, "on-image-push");
    await world.push("orderbook-api", "1.4.2");
    await world.pass(3 * minute - second);
    expect(kept(world)).toEqual([]);
    await world.pass(second);
    expect(kept(world)).toMatchObject([
      {
        requestContext: {
          functionArn: expect.stringMatching(/:promoter-dev-on-image-push:\$LATEST$/) as unknown,
          condition: "RetriesExhausted",
          approximateInvokeCount: 3,
        },
        requestPayload: {
          "detail-type": "ECR Image Action",
          detail: { "repository-name": "orderbook-api", "image-tag": "dev-1.4.2" },
        },
        responsePayload: { errorType: "StoreUnavailable" },
      },
    ]);

    world.cloud.calls.setFaults(undefined);
    await world.push("orderbook-ui", "1.4.2");
    const client = new LambdaClient({
      region: "eu-west-1",
      endpoint: world.cloud.origin,
      credentials: { accessKeyId: "LOCALPERSON", secretAccessKey: "local" },
    });
    const answer = await client.send(
      new InvokeCommand({
        FunctionName: "promoter-dev-on-image-push",
        InvocationType: "Event",
        Payload: JSON.stringify(kept(world)[0]?.requestPayload),
      }),
    );
    expect(answer.StatusCode).toBe(202);
    await world.cloud.settle();
    expect(await world.ending()).toBe("Promoted");
  });

  test("is not retried where the template says so: the next run of reconcile is near", async () => {
    const world = await startWorld();
    failing(world, "reconcile");
    await world.pass(5 * minute);
    expect(kept(world)).toMatchObject([
      {
        requestContext: { condition: "RetriesExhausted", approximateInvokeCount: 1 },
        requestPayload: { "detail-type": "Scheduled Event" },
      },
    ]);
  });

  test("is lost, with a word in the log, when the function's role may not write to the queue", async () => {
    const world = await startWorld({ changeTemplate: withoutSending });
    failing(world, "reconcile");
    await world.pass(5 * minute);
    expect(kept(world)).toEqual([]);
    expect(world.logs).toContainEqual(
      expect.objectContaining({
        level: "error",
        function: "promoter-dev-reconcile",
        message: expect.stringContaining("does not allow sqs:SendMessage") as unknown,
      }),
    );
  });
});

const recordsOf = ({ logs }: StoryWorld, functionName: string) =>
  logs.filter(({ function: name }) => name === functionName);

async function invokeAsEvent(
  { cloud }: StoryWorld,
  functionName: string,
  payload: object,
): Promise<void> {
  const client = new LambdaClient({
    region: "eu-west-1",
    endpoint: cloud.origin,
    credentials: { accessKeyId: "LOCALPERSON", secretAccessKey: "local" },
  });
  await client.send(
    new InvokeCommand({
      FunctionName: `promoter-dev-${functionName}`,
      InvocationType: "Event",
      Payload: JSON.stringify(payload),
    }),
  );
  await cloud.settle();
}

describe("the log", () => {
  test("says why a push was ignored, and which", async () => {
    const world = await startWorld();
    const digest = await world.push("orderbook-api", "", { tag: "dev-foo" });
    expect(recordsOf(world, "OnImagePush")).toEqual([
      {
        level: "info",
        function: "OnImagePush",
        repository: "orderbook-api",
        tag: "dev-foo",
        digest,
        outcome: "ignored",
        reasons: ["orderbook-api:dev-foo has no valid semver version, such as 1.4.2 or 2.0.0-rc.1"],
        took: expect.any(Number) as unknown,
      },
    ]);
  });

  test("says what a push is still missing, and what it started", async () => {
    const world = await startWorld();
    const promotion = await world.pushRelease("1.4.2");
    expect(recordsOf(world, "OnImagePush")).toMatchObject([
      {
        repository: "orderbook-api",
        outcome: "collected",
        reasons: ["orderbook 1.4.2 is incomplete: orderbook-ui is missing"],
      },
      {
        repository: "orderbook-ui",
        outcome: "started",
        reasons: [`orderbook 1.4.2: started ${promotion}`],
      },
    ]);
  });

  test("says which push a function failed at", async () => {
    const world = await startWorld();
    failing(world, "on-image-push");
    await world.push("orderbook-api", "1.4.2");
    expect(recordsOf(world, "OnImagePush")).toMatchObject([
      { level: "error", repository: "orderbook-api", tag: "dev-1.4.2", error: "StoreUnavailable" },
    ]);
  });

  test("says what reconcile repaired", async () => {
    const world = await startWorld();
    world.cloud.eventbridge.controls.behave(({ source }) => (source === "aws.states" ? [] : [0]));
    const promotion = await world.pushRelease("1.4.2");
    await world.asked(promotion);
    await world.stop(promotion);
    await world.pass(5 * minute);
    expect(recordsOf(world, "Reconcile").at(-1)).toMatchObject({
      level: "info",
      outcome: "reconciled",
      reasons: [`${promotion} closed as Cancelled`],
    });
  });

  test("says whose execution ended, and how it was closed", async () => {
    const world = await startWorld();
    const promotion = await world.pushRelease("1.4.2");
    await world.asked(promotion);
    await world.stop(promotion);
    expect(recordsOf(world, "OnExecutionEnded")).toMatchObject([
      { level: "info", promotion, outcome: "Cancelled" },
    ]);
  });
});

describe("an event that no function can accept", () => {
  test.each([
    ["on-image-push", "OnImagePush"],
    ["on-facts-changed", "OnFactsChanged"],
    ["on-execution-ended", "OnExecutionEnded"],
  ])("is refused by %s with one record, and never brought again", async (functionName, name) => {
    const world = await startWorld();
    await invokeAsEvent(world, functionName, { hello: 1 });
    await world.pass(10 * minute);
    expect(recordsOf(world, name)).toEqual([
      expect.objectContaining({
        level: "error",
        outcome: "refused",
        reasons: [
          expect.stringMatching(/^the event is not valid input for the function: [^]*detail/),
        ],
      }),
    ]);
    expect(kept(world)).toEqual([]);
  });

  test("does no more when a rule lets it through: it is named by its id", async () => {
    const world = await startWorld();
    const detail = {
      "action-type": "PUSH",
      result: "SUCCESS",
      "repository-name": "orderbook-api",
      "image-tag": "dev-1.4.2",
      "image-digest": 42,
    };
    const id = world.cloud.eventbridge.emit({
      source: "aws.ecr",
      "detail-type": "ECR Image Action",
      resources: [],
      detail,
    });
    await world.pass(10 * minute);
    expect(deliveriesTo(world, "on-image-push")).toMatchObject([
      { attempts: 1, state: { kind: "delivered" } },
    ]);
    expect(recordsOf(world, "OnImagePush")).toEqual([
      expect.objectContaining({
        level: "error",
        outcome: "refused",
        reasons: [
          expect.stringMatching(
            new RegExp(
              `^the event ${id} \\(ECR Image Action\\) is not valid input .*[^]*detail\\["image-digest"\\]`,
            ),
          ),
        ],
      }),
    ]);
    expect(kept(world)).toEqual([]);
    expect((await world.status()).incomplete).toEqual([]);
  });
});
