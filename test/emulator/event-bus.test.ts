import { randomUUID } from "node:crypto";
import { DeleteRuleCommand, EventBridgeClient, PutRuleCommand, PutTargetsCommand, RemoveTargetsCommand } from "@aws-sdk/client-eventbridge";
import { describe } from "vitest";
import { eventBridgeEventBus } from "../../src/adapters/eventbridge/event-bus.ts";
import { eventBusContract, type EventBusWorld } from "../contract/event-bus.contract.ts";
import { account, clientSettings, lacksEmulator, region } from "./emulator.ts";
import { createQueue, messagesOf } from "./queue.ts";

interface Delivered {
  readonly source: string;
  readonly "detail-type": string;
  readonly detail: unknown;
}

describe.skipIf(lacksEmulator)("the event bus", () => {
  eventBusContract("an emulator's EventBridge", busWithListener);
});

/** A rule for all that comes from us, with a queue as its target. */
async function busWithListener(): Promise<EventBusWorld> {
  const client = new EventBridgeClient(clientSettings());
  const name = `listener-${randomUUID()}`;
  const queue = await createQueue(name);
  await client.send(new PutRuleCommand({ Name: name, EventPattern: JSON.stringify({ source: ["promoter"] }) }));
  await client.send(new PutTargetsCommand({ Rule: name, Targets: [{ Id: "queue", Arn: `arn:aws:sqs:${region}:${account}:${name}` }] }));
  return {
    bus: eventBridgeEventBus({ client }),
    async seen(count) {
      const events = (await messagesOf(queue, count)) as readonly Delivered[];
      return events.map((event) => ({ source: event.source, detailType: event["detail-type"], detail: event.detail }));
    },
    async close() {
      await client.send(new RemoveTargetsCommand({ Rule: name, Ids: ["queue"] }));
      await client.send(new DeleteRuleCommand({ Name: name }));
      client.destroy();
    },
  };
}
