import * as z from "zod";
import type { Clock } from "../clock.ts";
import {
  jsonOperation,
  ok,
  refused,
  type JsonOperation,
  type Outcome,
} from "../eventbridge/json-protocol.ts";
import { attributesDigest, bodyDigest } from "./message-digest.ts";
import type { Message, MessageStore } from "./message-store.ts";

export interface Queue {
  readonly name: string;
  readonly arn: string;
  readonly messages: MessageStore;
}

interface Directory {
  readonly clock: Clock;
  byName(name: string): Queue | undefined;
  urlOf(queue: Queue): string;
  /** Also for queues that do not exist, which IAM sees all the same. */
  arnOf(name: string): string;
}

const queueUrl = { QueueUrl: z.string() };
const attributeValue = z.object({ DataType: z.string(), StringValue: z.string() });

/**
 * What a dead-letter queue needs of SQS: standard queues, string attributes, no long polling (it
 * answers at once).
 */
export function queueOperations(directory: Directory): Readonly<Record<string, JsonOperation>> {
  const view = ({ QueueUrl }: { readonly QueueUrl: string }) => ({
    resources: [directory.arnOf(nameIn(QueueUrl))],
  });
  const at = (url: string, use: (queue: Queue) => Outcome): Outcome => {
    const queue = directory.byName(nameIn(url));
    return queue ? use(queue) : noQueue();
  };
  return {
    GetQueueUrl: jsonOperation({
      input: z.object({ QueueName: z.string() }),
      access: "read",
      view: ({ QueueName }) => ({ resources: [directory.arnOf(QueueName)] }),
      run: ({ QueueName }) => at(QueueName, (queue) => ok({ QueueUrl: directory.urlOf(queue) })),
    }),
    SendMessage: jsonOperation({
      input: z.object({
        ...queueUrl,
        MessageBody: z.string().min(1),
        MessageAttributes: z.record(z.string(), attributeValue).default({}),
      }),
      access: "write",
      view,
      run: ({ QueueUrl, MessageBody, MessageAttributes }) =>
        at(QueueUrl, (queue) => send(queue, MessageBody, MessageAttributes)),
    }),
    ReceiveMessage: jsonOperation({
      input: z.object({
        ...queueUrl,
        MaxNumberOfMessages: z.number().int().min(1).max(10).default(1),
        VisibilityTimeout: z.number().int().min(0).max(43_200).default(30),
        MessageAttributeNames: z.array(z.string()).default([]),
      }),
      access: "write",
      view,
      run: ({ QueueUrl, MaxNumberOfMessages, VisibilityTimeout, MessageAttributeNames }) =>
        at(QueueUrl, ({ messages }) =>
          received(
            messages.receive(MaxNumberOfMessages, VisibilityTimeout * 1_000),
            MessageAttributeNames,
          ),
        ),
    }),
    DeleteMessage: jsonOperation({
      input: z.object({ ...queueUrl, ReceiptHandle: z.string() }),
      access: "write",
      view,
      run: ({ QueueUrl, ReceiptHandle }) =>
        at(QueueUrl, ({ messages }) => remove(messages, ReceiptHandle)),
    }),
    GetQueueAttributes: jsonOperation({
      input: z.object({ ...queueUrl, AttributeNames: z.array(z.string()).default([]) }),
      access: "read",
      view,
      run: ({ QueueUrl, AttributeNames }) =>
        at(QueueUrl, (queue) => attributes(queue, directory.clock.now(), AttributeNames)),
    }),
  };
}

/**
 * The header carries the code of the older query protocol, which clients still look for (SQS API
 * reference, GetQueueUrl, "Errors").
 */
function noQueue(): Outcome {
  const headers = { "x-amzn-query-error": "AWS.SimpleQueueService.NonExistentQueue;Sender" };
  return refused(
    "com.amazonaws.sqs#QueueDoesNotExist",
    "The specified queue does not exist.",
    headers,
  );
}

function send(
  queue: Queue,
  body: string,
  given: Readonly<Record<string, z.output<typeof attributeValue>>>,
): Outcome {
  const values = Object.fromEntries(
    Object.entries(given).map(([name, { StringValue }]) => [name, StringValue]),
  );
  const { id } = queue.messages.put(body, values);
  return ok({ MessageId: id, MD5OfMessageBody: bodyDigest(body), ...attributesPart(values) });
}

/** Without a message the list is left out (seen in answers of the service). */
function received(messages: readonly Message[], names: readonly string[]): Outcome {
  return ok(
    messages.length > 0 ? { Messages: messages.map((message) => messageView(message, names)) } : {},
  );
}

function messageView(
  { id, receipt, body, attributes: all }: Message,
  names: readonly string[],
): Readonly<Record<string, unknown>> {
  const wanted = Object.entries(all).filter(
    ([name]) => names.includes("All") || names.includes(".*") || names.includes(name),
  );
  const values = Object.fromEntries(wanted);
  const shown = Object.fromEntries(
    wanted.map(([name, value]) => [name, { DataType: "String", StringValue: value }]),
  );
  const part = wanted.length > 0 ? { MessageAttributes: shown, ...attributesPart(values) } : {};
  return {
    MessageId: id,
    ReceiptHandle: receipt,
    MD5OfBody: bodyDigest(body),
    Body: body,
    ...part,
  };
}

function attributesPart(
  values: Readonly<Record<string, string>>,
): Readonly<Record<string, string>> {
  return Object.keys(values).length > 0 ? { MD5OfMessageAttributes: attributesDigest(values) } : {};
}

function remove(messages: MessageStore, receipt: string): Outcome {
  messages.remove(receipt);
  return ok();
}

function attributes({ arn, messages }: Queue, now: number, names: readonly string[]): Outcome {
  const visible = messages.all().filter(({ visibleAt }) => visibleAt <= now).length;
  const all = {
    QueueArn: arn,
    ApproximateNumberOfMessages: String(visible),
    ApproximateNumberOfMessagesNotVisible: String(messages.all().length - visible),
  };
  const wanted = Object.entries(all).filter(
    ([name]) => names.includes("All") || names.includes(name),
  );
  return ok(wanted.length > 0 ? { Attributes: Object.fromEntries(wanted) } : {});
}

/** `http://host/account/name`, or the name itself. */
function nameIn(url: string): string {
  return url.split("/").at(-1) ?? "";
}
