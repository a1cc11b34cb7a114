import { randomUUID } from "node:crypto";
import {
  DeleteRuleCommand,
  EventBridgeClient,
  PutRuleCommand,
  PutTargetsCommand,
  RemoveTargetsCommand,
} from "@aws-sdk/client-eventbridge";
import { account, clientSettings, region } from "./emulator.ts";
import { createQueue, messagesOf } from "./queue.ts";

export interface HeardEvent {
  readonly source: string;
  readonly detailType: string;
  readonly detail: unknown;
}

export interface Listener {
  /** The first events, oldest first, as soon as there are so many. */
  heard(count: number): Promise<readonly HeardEvent[]>;
  stop(): Promise<void>;
}

/** Hears all that comes from us: a rule of its own, with a queue as its target. */
export async function startListener(): Promise<Listener> {
  const client = new EventBridgeClient(clientSettings());
  const name = `listener-${randomUUID()}`;
  await createQueue(name);
  await client.send(
    new PutRuleCommand({ Name: name, EventPattern: JSON.stringify({ source: ["promoter"] }) }),
  );
  await client.send(
    new PutTargetsCommand({
      Rule: name,
      Targets: [{ Id: "queue", Arn: `arn:aws:sqs:${region}:${account}:${name}` }],
    }),
  );
  return {
    async heard(count) {
      const events = (await messagesOf(name, count)) as readonly {
        readonly source: string;
        readonly "detail-type": string;
        readonly detail: unknown;
      }[];
      return events.map((event) => ({
        source: event.source,
        detailType: event["detail-type"],
        detail: event.detail,
      }));
    },
    async stop() {
      await client.send(new RemoveTargetsCommand({ Rule: name, Ids: ["queue"] }));
      await client.send(new DeleteRuleCommand({ Name: name }));
      client.destroy();
    },
  };
}
