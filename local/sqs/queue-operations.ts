import * as z from "zod";
import {
  jsonOperation,
  ok,
  refused,
  type JsonOperation,
  type Outcome,
} from "../aws/json-protocol.ts";
import { attributesDigest, bodyDigest } from "./message-digest.ts";
import type { Message, MessageStore } from "./message-store.ts";

export interface Queue {
  readonly name: string;
  readonly arn: string;
  readonly messages: MessageStore;
}

interface Directory {
  byName(name: string): Queue | undefined;
  urlOf(queue: Queue): string;
  /** Also for queues that do not exist, which IAM sees all the same. */
  arnOf(name: string): string;
}

const queueUrl = { QueueUrl: z.string() };

/**
 * What a person who reads dead letters needs of SQS (docs/operations.md): standard queues, string
 * attributes, no long polling (it answers at once).
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

/** `http://host/account/name`, or the name itself. */
function nameIn(url: string): string {
  return url.split("/").at(-1) ?? "";
}
