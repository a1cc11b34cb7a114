import { createHash } from "node:crypto";
import { afterEach, describe, expect, it } from "vitest";
import { virtualClock } from "../../clock.ts";
import { startGateway, type Gateway } from "../../gateway.ts";
import { createQueues } from "../../sqs/sqs.ts";

const arn = "arn:aws:sqs:eu-west-1:111122223333:dead";
const QueueUrl = "http://127.0.0.1/111122223333/dead";
const gateways: Gateway[] = [];
afterEach(async () => {
  for (const gateway of gateways.splice(0)) await gateway.close();
});

interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly body: Record<string, unknown>;
}

/**
 * There is no SQS client among the dependencies; the wire form is that of the SQS developer guide,
 * "AWS JSON protocol".
 */
async function open() {
  const clock = virtualClock();
  const sqs = createQueues(
    {
      account: "111122223333",
      region: "eu-west-1",
      clock,
      origin: () => "http://127.0.0.1",
      emit: () => undefined,
      track: (work) => work,
    },
    { queues: [{ name: "dead", arn }] },
  );
  const gateway = await startGateway({ services: () => [sqs] });
  gateways.push(gateway);
  const call = async (name: string, input: unknown): Promise<Answer> => {
    const response = await fetch(gateway.origin, {
      method: "POST",
      headers: {
        authorization:
          "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20260105/eu-west-1/sqs/aws4_request, SignedHeaders=host, Signature=0",
        "content-type": "application/x-amz-json-1.0",
        "x-amz-target": `AmazonSQS.${name}`,
      },
      body: JSON.stringify(input),
    });
    const text = await response.text();
    return {
      status: response.status,
      headers: response.headers,
      body: text === "" ? {} : (JSON.parse(text) as Answer["body"]),
    };
  };
  return { sqs, clock, call };
}

const md5 = (text: string) => createHash("md5").update(text).digest("hex");
const first = (answer: Answer) =>
  (answer.body["Messages"] as readonly Record<string, unknown>[] | undefined)?.[0] ?? {};

describe("a queue", () => {
  it("gives what was sent, with digests that clients check", async () => {
    const { sqs, call } = await open();
    sqs.controls.put(arn, "hello", {});
    const received = await call("ReceiveMessage", { QueueUrl });
    expect(first(received)).toEqual({
      MessageId: sqs.controls.messages(arn)[0]?.id,
      ReceiptHandle: expect.any(String),
      Body: "hello",
      MD5OfBody: md5("hello"),
    });
  });

  it("gives the attributes that are asked for", async () => {
    const { sqs, call } = await open();
    sqs.controls.put(arn, "{}", { ERROR_CODE: "NO_PERMISSIONS", RETRY_ATTEMPTS: "0" });
    const only = first(
      await call("ReceiveMessage", {
        QueueUrl,
        VisibilityTimeout: 0,
        MessageAttributeNames: ["ERROR_CODE"],
      }),
    );
    expect(only["MessageAttributes"]).toEqual({
      ERROR_CODE: { DataType: "String", StringValue: "NO_PERMISSIONS" },
    });
    const all = first(
      await call("ReceiveMessage", {
        QueueUrl,
        VisibilityTimeout: 0,
        MessageAttributeNames: ["All"],
      }),
    );
    expect(Object.keys(all["MessageAttributes"] ?? {})).toEqual(["ERROR_CODE", "RETRY_ATTEMPTS"]);
    expect(first(await call("ReceiveMessage", { QueueUrl }))).not.toHaveProperty(
      "MessageAttributes",
    );
  });

  // Layout: SQS developer guide, "Calculating the MD5 message digest for message attributes"; bytes written out by hand.
  it("digests attributes by length and bytes of name, type and value, sorted by name", async () => {
    const { sqs, call } = await open();
    const encoded =
      "\0\0\0\x01a\0\0\0\x06String\x01\0\0\0\x011\0\0\0\x01b\0\0\0\x06String\x01\0\0\0\x0222";
    sqs.controls.put(arn, "x", { b: "22", a: "1" });
    const received = await call("ReceiveMessage", { QueueUrl, MessageAttributeNames: ["All"] });
    expect(first(received)["MD5OfMessageAttributes"]).toBe(md5(encoded));
  });

  it("hides a received message for a while and then gives it again", async () => {
    const { sqs, clock, call } = await open();
    sqs.controls.put(arn, "hello", {});
    await call("ReceiveMessage", { QueueUrl, VisibilityTimeout: 30 });
    expect((await call("ReceiveMessage", { QueueUrl })).body).toEqual({});
    clock.advanceTo(clock.now() + 30_000);
    expect(first(await call("ReceiveMessage", { QueueUrl }))).toMatchObject({ Body: "hello" });
  });

  it("deletes a message by its latest receipt", async () => {
    const { sqs, call } = await open();
    sqs.controls.put(arn, "hello", {});
    const old = first(await call("ReceiveMessage", { QueueUrl, VisibilityTimeout: 0 }))[
      "ReceiptHandle"
    ];
    const latest = first(await call("ReceiveMessage", { QueueUrl, VisibilityTimeout: 0 }))[
      "ReceiptHandle"
    ];
    await call("DeleteMessage", { QueueUrl, ReceiptHandle: old });
    expect(sqs.controls.messages(arn)).toHaveLength(1);
    await call("DeleteMessage", { QueueUrl, ReceiptHandle: latest });
    expect(sqs.controls.messages(arn)).toEqual([]);
  });

  it("gives one message unless more are asked for, the oldest first", async () => {
    const { sqs, call } = await open();
    for (const body of ["1", "2", "3"]) sqs.controls.put(arn, body, {});
    expect(
      (await call("ReceiveMessage", { QueueUrl, VisibilityTimeout: 0 })).body["Messages"],
    ).toMatchObject([{ Body: "1" }]);
    expect(
      (await call("ReceiveMessage", { QueueUrl, MaxNumberOfMessages: 2 })).body["Messages"],
    ).toMatchObject([{ Body: "1" }, { Body: "2" }]);
  });

  it.each(["GetQueueAttributes", "SendMessage", "PurgeQueue"])(
    "is not supported for %s, which is refused by name",
    async (name) => {
      const { call } = await open();
      expect(await call(name, { QueueUrl })).toMatchObject({
        status: 400,
        body: {
          __type: "UnknownOperationException",
          message: `the local cloud does not support sqs:${name}: nothing that the promoter ships uses it`,
        },
      });
    },
  );

  it("is found by its name", async () => {
    const { call } = await open();
    expect((await call("GetQueueUrl", { QueueName: "dead" })).body).toEqual({ QueueUrl });
  });

  it.each([
    ["GetQueueUrl", { QueueName: "none" }],
    ["ReceiveMessage", { QueueUrl: "http://127.0.0.1/111122223333/none" }],
  ])("that does not exist is refused: %s", async (name, input) => {
    const { call } = await open();
    const answer = await call(name, input);
    expect(answer).toMatchObject({
      status: 400,
      body: {
        __type: "com.amazonaws.sqs#QueueDoesNotExist",
        message: "The specified queue does not exist.",
      },
    });
    expect(answer.headers.get("x-amzn-query-error")).toBe(
      "AWS.SimpleQueueService.NonExistentQueue;Sender",
    );
  });

  it("refuses an event for a queue that does not exist, and names those that do", async () => {
    const { sqs } = await open();
    expect(() => sqs.controls.put("arn:aws:sqs:eu-west-1:111122223333:none", "x", {})).toThrow(
      `there are: ${arn}`,
    );
  });

  it("is what IAM sees", async () => {
    const { sqs } = await open();
    const caller = { accessKeyId: undefined, role: undefined, functionName: undefined };
    const request = {
      method: "POST",
      path: "/",
      query: new URLSearchParams(),
      headers: { "x-amz-target": "AmazonSQS.ReceiveMessage" },
      body: Buffer.from(JSON.stringify({ QueueUrl })),
      caller,
    };
    expect(sqs.operation(request)).toEqual({
      action: "sqs:ReceiveMessage",
      resources: [arn],
      access: "write",
    });
  });
});
