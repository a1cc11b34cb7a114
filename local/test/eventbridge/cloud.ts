import { EventBridgeClient } from "@aws-sdk/client-eventbridge";
import { virtualClock, type VirtualClock } from "../../clock.ts";
import type { DeadLetter } from "../../eventbridge/deliveries.ts";
import { createEventBridge, type EventBridge } from "../../eventbridge/eventbridge.ts";
import type { DeliveryResult } from "../../eventbridge/retry.ts";
import type { RuleDefinition, Target } from "../../eventbridge/rule.ts";
import { startGateway } from "../../gateway.ts";
import type { CloudContext, CloudEvent } from "../../service.ts";

export const ruleArn = "arn:aws:events:eu-west-1:111122223333:rule/on-push";
export const functionArn = "arn:aws:lambda:eu-west-1:111122223333:function:on-push";
export const queueArn = "arn:aws:sqs:eu-west-1:111122223333:dead";

export const target: Target = { id: "function", arn: functionArn };
export const pushRule: RuleDefinition = {
  name: "on-push",
  arn: ruleArn,
  eventPattern: { source: ["aws.ecr"], detail: { "action-type": ["PUSH"] } },
  targets: [target],
};

export const push = (tag = "dev-1.4.2"): CloudEvent => ({
  source: "aws.ecr",
  "detail-type": "ECR Image Action",
  resources: [],
  detail: {
    result: "SUCCESS",
    "repository-name": "orderbook-api",
    "action-type": "PUSH",
    "image-tag": tag,
  },
});

interface Sent {
  readonly target: string;
  readonly payload: string;
  readonly at: number;
}

/** A bus with a scripted target: every attempt takes the next answer, the last one for ever. */
export function testBus(
  rules: readonly RuleDefinition[] = [pushRule],
  answers: readonly DeliveryResult[] = [{ kind: "ok" }],
) {
  const clock: VirtualClock = virtualClock();
  const sent: Sent[] = [];
  const dead: { readonly queue: string; readonly message: DeadLetter }[] = [];
  const work = new Set<Promise<unknown>>();
  let ids = 0;

  const context: CloudContext = {
    account: "111122223333",
    region: "eu-west-1",
    clock,
    origin: () => "http://127.0.0.1",
    emit: () => undefined,
    track(promise) {
      work.add(promise);
      void promise.finally(() => work.delete(promise));
      return promise;
    },
  };
  const bus: EventBridge = createEventBridge(context, {
    rules,
    random: () => 0,
    newId: () => `id-${++ids}`,
    async deliver(to, payload) {
      sent.push({ target: to.id, payload, at: clock.now() });
      return answers[Math.min(sent.length, answers.length) - 1] ?? { kind: "ok" };
    },
    deadLetter: (queue, message) => void dead.push({ queue, message }),
  });

  /** Until nothing is at work; the clock stands still. */
  async function settle(): Promise<void> {
    while (work.size > 0) await Promise.all(work);
  }

  async function advance(ms: number): Promise<void> {
    const end = clock.now() + ms;
    for (let next = clock.next(); next !== undefined && next <= end; next = clock.next()) {
      clock.advanceTo(next);
      await settle();
    }
    clock.advanceTo(end);
  }

  const tags = () =>
    sent.map(
      ({ payload }) =>
        (JSON.parse(payload) as { detail: Record<string, unknown> }).detail["image-tag"],
    );
  return { bus, clock, sent, dead, settle, advance, tags };
}

/** The unchanged SDK client, in front of the bus on a loopback port of its own. */
export async function sdkFor({
  bus,
}: {
  readonly bus: EventBridge;
}): Promise<{ client: EventBridgeClient; close(): Promise<void> }> {
  const gateway = await startGateway({ services: () => [bus] });
  const client = new EventBridgeClient({
    region: "eu-west-1",
    endpoint: gateway.origin,
    credentials: { accessKeyId: "AKIDEXAMPLE", secretAccessKey: "secret" },
    maxAttempts: 1,
  });
  const close = async () => {
    client.destroy();
    await gateway.close();
  };
  return { client, close };
}
