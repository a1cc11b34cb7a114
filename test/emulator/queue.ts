import { callEmulator } from "./call-emulator.ts";
import { until } from "./until.ts";

interface Received {
  readonly Messages?: readonly { readonly Body: string }[];
}

export async function createQueue(name: string): Promise<void> {
  await callQueue("CreateQueue", { QueueName: name });
}

/** Bodies of the first messages of a queue, as soon as there are so many. */
export async function messagesOf(name: string, count: number): Promise<readonly unknown[]> {
  const { QueueUrl } = (await callQueue("GetQueueUrl", { QueueName: name })) as {
    readonly QueueUrl: string;
  };
  const bodies: unknown[] = [];
  return until(async () => {
    const { Messages = [] } = (await callQueue("ReceiveMessage", {
      QueueUrl,
      MaxNumberOfMessages: 10,
    })) as Received;
    bodies.push(...Messages.map(({ Body }): unknown => JSON.parse(Body)));
    return bodies.length < count ? undefined : bodies;
  });
}

async function callQueue(operation: string, input: object): Promise<unknown> {
  const headers = {
    "content-type": "application/x-amz-json-1.0",
    "x-amz-target": `AmazonSQS.${operation}`,
  };
  return JSON.parse(await callEmulator("sqs", { headers, body: JSON.stringify(input) }));
}
