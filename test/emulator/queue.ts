import { setTimeout as wait } from "node:timers/promises";
import { callEmulator } from "./call-emulator.ts";

interface Received {
  readonly Messages?: readonly { readonly MessageId: string; readonly Body: string }[];
}

export async function createQueue(name: string): Promise<string> {
  return (await callQueue<{ QueueUrl: string }>("CreateQueue", { QueueName: name })).QueueUrl;
}

/** Bodies of the first messages of a queue, as soon as there are so many; throws if they do not come. */
export async function messagesOf(queue: string, count: number): Promise<readonly unknown[]> {
  const bodies: unknown[] = [];
  for (const deadline = Date.now() + longestWait; bodies.length < count && Date.now() < deadline; await wait(50)) {
    const { Messages = [] } = await callQueue<Received>("ReceiveMessage", { QueueUrl: queue, MaxNumberOfMessages: 10 });
    bodies.push(...Messages.map(({ Body }): unknown => JSON.parse(Body)));
  }
  if (bodies.length < count) throw new Error(`expected ${count} messages in ${queue}, got ${JSON.stringify(bodies)}`);
  return bodies;
}

const longestWait = 20_000;

// oxlint-disable-next-line typescript/no-unnecessary-type-parameters -- answers of the emulator, for tests only
async function callQueue<Answer>(operation: string, input: object): Promise<Answer> {
  const headers = { "content-type": "application/x-amz-json-1.0", "x-amz-target": `AmazonSQS.${operation}` };
  return JSON.parse(await callEmulator("sqs", { headers, body: JSON.stringify(input) })) as Answer;
}
