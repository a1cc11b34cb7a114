import { InvokeCommand, LambdaClient } from "@aws-sdk/client-lambda";
import { describe, expect, test } from "vitest";
import type { RecordedCall } from "../../local/record.ts";
import type { Template } from "../../local/template/resolve-template.ts";
import { withoutApproval } from "./shop.ts";
import { startWorld, type StoryWorld } from "./start-world.ts";

const second = 1_000;
const minute = 60 * second;

/** Nothing that this function writes to the table arrives, as long as `fails` says so. */
function failing(world: StoryWorld, functionName: string, fails: () => boolean = () => true): void {
  world.cloud.calls.setFaults((call) => (call.functionName === `promoter-dev-${functionName}` && call.service === "dynamodb" && fails() ? "fails-before" : undefined));
}

const kept = ({ cloud }: StoryWorld): readonly { readonly requestContext: object; readonly requestPayload: { readonly "detail-type": string }; readonly responsePayload: object }[] =>
  cloud.queues.controls.messages(cloud.stack.queues[0]?.arn ?? "").map(({ body }) => JSON.parse(body) as ReturnType<typeof kept>[number]);

const deliveriesTo = ({ cloud }: StoryWorld, functionName: string) => cloud.eventbridge.controls.deliveries().filter(({ target }) => target.endsWith(`:promoter-dev-${functionName}`));

const withoutSending = (template: Template): Template => JSON.parse(JSON.stringify(template).replaceAll('"sqs:SendMessage"', '"sqs:ReceiveMessage"')) as Template;

describe("an event whose function fails", () => {
  test("was delivered for EventBridge; Lambda tries it again after one minute and then after two", async () => {
    const world = await startWorld({ yaml: withoutApproval });
    const tries: number[] = [];
    const start = world.clock.now();
    world.cloud.calls.setFaults(({ functionName, service }: Pick<RecordedCall, "functionName" | "service">) => {
      if (functionName !== "promoter-dev-on-image-push" || service !== "dynamodb") return undefined;
      const at = world.clock.now() - start;
      if (tries.at(-1) !== at) tries.push(at);
      return at < 3 * minute ? "fails-before" : undefined;
    });
    await world.push("orderbook-api", "1.4.2");
    expect(deliveriesTo(world, "on-image-push")).toMatchObject([{ attempts: 1, state: { kind: "delivered" } }]);

    await world.pass(2 * minute);
    expect((await world.status()).incomplete).toEqual([]);
    await world.pass(2 * minute);
    expect((await world.status()).incomplete).toMatchObject([{ version: "1.4.2", missing: ["orderbook-ui"] }]);
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
    expect(kept(world)).toMatchObject([{
      requestContext: { functionArn: expect.stringMatching(/:promoter-dev-on-image-push:\$LATEST$/) as unknown, condition: "RetriesExhausted", approximateInvokeCount: 3 },
      requestPayload: { "detail-type": "ECR Image Action", "detail": { "repository-name": "orderbook-api", "image-tag": "dev-1.4.2" } },
      responsePayload: { errorType: "StoreUnavailable" },
    }]);

    world.cloud.calls.setFaults(undefined);
    await world.push("orderbook-ui", "1.4.2");
    const client = new LambdaClient({ region: "eu-west-1", endpoint: world.cloud.origin, credentials: { accessKeyId: "LOCALPERSON", secretAccessKey: "local" } });
    const answer = await client.send(new InvokeCommand({ FunctionName: "promoter-dev-on-image-push", InvocationType: "Event", Payload: JSON.stringify(kept(world)[0]?.requestPayload) }));
    expect(answer.StatusCode).toBe(202);
    await world.cloud.settle();
    expect(await world.ending()).toBe("Promoted");
  });

  test("is not tried again where the template says so: the next run of reconcile is near", async () => {
    const world = await startWorld();
    failing(world, "reconcile");
    await world.pass(5 * minute);
    expect(kept(world)).toMatchObject([{ requestContext: { condition: "RetriesExhausted", approximateInvokeCount: 1 }, requestPayload: { "detail-type": "Scheduled Event" } }]);
  });

  test("is lost, with a word in the log, when the function's role may not write to the queue", async () => {
    const world = await startWorld({ changeTemplate: withoutSending });
    failing(world, "reconcile");
    await world.pass(5 * minute);
    expect(kept(world)).toEqual([]);
    expect(world.logs).toContainEqual(expect.objectContaining({ level: "error", function: "promoter-dev-reconcile", message: expect.stringContaining("does not allow sqs:SendMessage") as unknown }));
  });
});
