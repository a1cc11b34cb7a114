import {
  DescribeRuleCommand,
  DisableRuleCommand,
  ListRulesCommand,
  PutEventsCommand,
  PutRuleCommand,
  TestEventPatternCommand,
  type PutEventsRequestEntry,
} from "@aws-sdk/client-eventbridge";
import { afterEach, describe, expect, it } from "vitest";
import type { ServiceRequest } from "../../service.ts";
import { pushRule, sdkFor, testBus } from "./cloud.ts";

const closing: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

async function open(...args: Parameters<typeof testBus>) {
  const cloud = testBus(...args);
  const sdk = await sdkFor(cloud);
  closing.push(() => sdk.close());
  return { ...cloud, client: sdk.client };
}

const custom = { ...pushRule, eventPattern: { source: ["com.example"] } };
const entry: PutEventsRequestEntry = {
  Source: "com.example",
  DetailType: "greeting",
  Detail: '{"image-tag":"hello"}',
};

const sized = (bytes: number) => ({
  Source: "s",
  DetailType: "d",
  Detail: JSON.stringify({ a: "x".repeat(bytes - 10) }),
});

describe("PutEvents", () => {
  it("puts entries on the bus and answers with their ids", async () => {
    const { client, bus, settle, tags } = await open([custom]);
    const answer = await client.send(
      new PutEventsCommand({
        Entries: [{ ...entry, Resources: ["r"], Time: new Date("2020-02-03T04:05:06.789Z") }],
      }),
    );
    await settle();
    expect(answer.FailedEntryCount).toBe(0);
    expect(bus.controls.events()).toMatchObject([
      {
        id: answer.Entries?.[0]?.EventId,
        source: "com.example",
        "detail-type": "greeting",
        resources: ["r"],
        time: "2020-02-03T04:05:06Z",
      },
    ]);
    expect(tags()).toEqual(["hello"]);
  });

  // Codes: API reference PutEventsResultEntry; messages as captured by moto's and localstack's tests.
  it.each([
    [
      { ...entry, Source: undefined },
      "InvalidArgument",
      "Parameter Source is not valid. Reason: Source is a required argument.",
    ],
    [
      { ...entry, DetailType: undefined },
      "InvalidArgument",
      "Parameter DetailType is not valid. Reason: DetailType is a required argument.",
    ],
    [
      { ...entry, Detail: undefined },
      "InvalidArgument",
      "Parameter Detail is not valid. Reason: Detail is a required argument.",
    ],
    [{ ...entry, DetailType: "x".repeat(129) }, "InvalidArgument", "128"],
    [{ ...entry, Detail: "not json" }, "MalformedDetail", "Detail is malformed."],
    [{ ...entry, Detail: "[]" }, "MalformedDetail", "Detail is malformed."],
    [
      { ...entry, Source: "aws.ecr" },
      "NotAuthorizedForSourceException",
      "Not authorized for the source.",
    ],
  ])("fails an entry and takes the others: %j", async (bad, code, message) => {
    const { client, bus } = await open([custom]);
    const answer = await client.send(new PutEventsCommand({ Entries: [entry, bad, entry] }));
    expect(answer.FailedEntryCount).toBe(1);
    expect(answer.Entries).toMatchObject([
      { EventId: expect.any(String) },
      { ErrorCode: code, ErrorMessage: expect.stringContaining(message) },
      { EventId: expect.any(String) },
    ]);
    expect(bus.controls.events()).toHaveLength(2);
  });

  it("drops events for a bus that does not exist, and answers as if nothing were wrong", async () => {
    const { client, bus } = await open([custom]);
    const answer = await client.send(
      new PutEventsCommand({ Entries: [{ ...entry, EventBusName: "nowhere" }] }),
    );
    expect(answer).toMatchObject({
      FailedEntryCount: 0,
      Entries: [{ EventId: expect.any(String) }],
    });
    expect(bus.controls.events()).toEqual([]);
  });

  it.each(["default", "arn:aws:events:eu-west-1:111122223333:event-bus/default"])(
    "knows its bus as %s",
    async (name) => {
      const { client, bus } = await open([custom]);
      await client.send(new PutEventsCommand({ Entries: [{ ...entry, EventBusName: name }] }));
      expect(bus.controls.events()).toHaveLength(1);
    },
  );

  it.each([[0], [11]])("refuses %i entries", async (count) => {
    const { client } = await open([custom]);
    const Entries = Array.from({ length: count }, () => entry);
    await expect(client.send(new PutEventsCommand({ Entries }))).rejects.toMatchObject({
      name: "ValidationException",
      message: expect.stringContaining(
        "1 validation error detected: Value at 'entries' failed to satisfy constraint: Member must have length",
      ),
    });
  });

  // "must be less than 1 MB (1,048,576 bytes)" (user guide, eb-putevents); a live test found exactly 1 MB to pass.
  it("refuses entries of more than 1 MB together", async () => {
    const { client } = await open([custom]);
    const put = (bytes: number) =>
      client.send(new PutEventsCommand({ Entries: [sized(bytes / 2), sized(bytes / 2)] }));
    await expect(put(1_048_576)).resolves.toMatchObject({ FailedEntryCount: 0 });
    await expect(put(1_048_578)).rejects.toMatchObject({
      name: "ValidationException",
      message: "Total size of the entries in the request is over the limit.",
    });
  });
});

describe("the rules API", () => {
  it("lists rules by name, in pages", async () => {
    const { client } = await open(
      ["b", "a", "other", "c"].map((name) => ({
        ...pushRule,
        name: name === "other" ? name : `on-${name}`,
      })),
    );
    const first = await client.send(new ListRulesCommand({ NamePrefix: "on-", Limit: 2 }));
    const second = await client.send(
      new ListRulesCommand({ NamePrefix: "on-", Limit: 2, NextToken: first.NextToken }),
    );
    expect([first, second].map((page) => page.Rules?.map(({ Name }) => Name))).toEqual([
      ["on-a", "on-b"],
      ["on-c"],
    ]);
    expect(second.NextToken).toBeUndefined();
  });

  it("refuses a bus that does not exist", async () => {
    const { client } = await open();
    await expect(
      client.send(new ListRulesCommand({ EventBusName: "other" })),
    ).rejects.toMatchObject({
      name: "ResourceNotFoundException",
      message: "Event bus other does not exist.",
    });
  });
});

describe("what this cloud does not support", () => {
  it.each([
    new DescribeRuleCommand({ Name: "on-push" }),
    new DisableRuleCommand({ Name: "on-push" }),
    new PutRuleCommand({ Name: "new", EventPattern: "{}" }),
    new TestEventPatternCommand({ EventPattern: "{}", Event: "{}" }),
  ])("is refused by name: $constructor.name", async (command) => {
    const { client } = await open();
    const action = command.constructor.name.replace("Command", "");
    await expect(client.send(command as DescribeRuleCommand)).rejects.toMatchObject({
      name: "UnknownOperationException",
      message: `the local cloud does not support events:${action}: nothing that the promoter ships uses it`,
    });
  });
});

const request = (name: string, body: string): ServiceRequest => ({
  method: "POST",
  path: "/",
  query: new URLSearchParams(),
  headers: { "x-amz-target": `AWSEvents.${name}` },
  body: Buffer.from(body),
  caller: { accessKeyId: undefined, role: undefined, functionName: undefined },
});

describe("the IAM view of a call", () => {
  const bus = "arn:aws:events:eu-west-1:111122223333:event-bus/default";

  it.each([
    [
      "PutEvents",
      { Entries: [entry] },
      {
        action: "events:PutEvents",
        resources: [bus],
        access: "write",
        conditions: { "events:source": ["com.example"], "events:detail-type": ["greeting"] },
      },
    ],
    ["ListRules", {}, { action: "events:ListRules", resources: ["*"], access: "read" }],
    [
      "PutEvents",
      { Entries: "wrong" },
      { action: "events:PutEvents", resources: [], access: "write" },
    ],
    ["PutRule", {}, undefined],
    ["constructor", {}, undefined],
  ])("%s %j", (name, body, expected) => {
    expect(testBus().bus.operation(request(name, JSON.stringify(body)))).toEqual(expected);
  });

  it("of a body that is not JSON names no resource, and the call is refused", async () => {
    const { bus: service } = testBus();
    expect(service.operation(request("PutEvents", "{"))).toMatchObject({ resources: [] });
    expect(await service.handle(request("PutEvents", "{"))).toMatchObject({
      status: 400,
      body: expect.stringContaining("SerializationException"),
    });
  });
});
