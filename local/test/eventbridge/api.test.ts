import {
  DeleteRuleCommand,
  DescribeRuleCommand,
  DisableRuleCommand,
  EnableRuleCommand,
  ListRulesCommand,
  ListTargetsByRuleCommand,
  PutEventsCommand,
  PutRuleCommand,
  RemoveTargetsCommand,
  TestEventPatternCommand,
  type PutEventsRequestEntry,
} from "@aws-sdk/client-eventbridge";
import { afterEach, describe, expect, it } from "vitest";
import type { ServiceRequest } from "../../service.ts";
import {
  functionArn,
  push,
  pushRule,
  queueArn,
  ruleArn,
  sdkFor,
  target,
  testBus,
} from "./cloud.ts";

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
  const full = {
    ...target,
    roleArn: "arn:aws:iam::111122223333:role/bus",
    inputPath: "$.detail",
    retryPolicy: { maximumRetryAttempts: 4, maximumEventAgeInSeconds: 600 },
    deadLetterArn: queueArn,
  };

  it("describes a rule", async () => {
    const { client } = await open();
    const rule = await client.send(new DescribeRuleCommand({ Name: "on-push" }));
    expect(rule).toMatchObject({
      Name: "on-push",
      Arn: ruleArn,
      State: "ENABLED",
      EventBusName: "default",
      EventPattern: JSON.stringify(pushRule.eventPattern),
    });
  });

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

  it("lists the targets of a rule", async () => {
    const { client } = await open([{ ...pushRule, targets: [full] }]);
    const { Targets } = await client.send(new ListTargetsByRuleCommand({ Rule: "on-push" }));
    expect(Targets).toEqual([
      {
        Id: "function",
        Arn: functionArn,
        RoleArn: full.roleArn,
        InputPath: "$.detail",
        RetryPolicy: { MaximumRetryAttempts: 4, MaximumEventAgeInSeconds: 600 },
        DeadLetterConfig: { Arn: queueArn },
      },
    ]);
  });

  it("stops and starts a rule", async () => {
    const { client, bus, settle, tags } = await open();
    await client.send(new DisableRuleCommand({ Name: "on-push" }));
    bus.emit(push("while off"));
    await client.send(new EnableRuleCommand({ Name: "on-push" }));
    bus.emit(push("while on"));
    await settle();
    expect(tags()).toEqual(["while on"]);
  });

  it("stops the schedule of a disabled rule", async () => {
    const { client, clock } = await open([
      {
        name: "sweep",
        arn: ruleArn,
        scheduleExpression: "rate(1 hour)",
        state: "ENABLED",
        targets: [target],
      },
    ]);
    await client.send(new DisableRuleCommand({ Name: "sweep" }));
    expect(clock.next()).toBeUndefined();
    await client.send(new EnableRuleCommand({ Name: "sweep" }));
    expect(clock.next()).toBe(clock.now() + 3_600_000);
  });

  // API_DeleteRule; the message as quoted in github.com/getmoto/moto pull request 5056, tested on a live account.
  it("does not delete a rule that has targets", async () => {
    const { client } = await open();
    await expect(client.send(new DeleteRuleCommand({ Name: "on-push" }))).rejects.toMatchObject({
      name: "ValidationException",
      message: "Rule can't be deleted since it has targets.",
      $metadata: { httpStatusCode: 400 },
    });
  });

  it("deletes a rule without targets, after which nothing is delivered, and again without an error", async () => {
    const { client, bus, settle, sent } = await open();
    await client.send(new RemoveTargetsCommand({ Rule: "on-push", Ids: ["function"] }));
    await client.send(new DeleteRuleCommand({ Name: "on-push" }));
    await client.send(new DeleteRuleCommand({ Name: "on-push" }));
    bus.emit(push());
    await settle();
    expect(sent).toEqual([]);
    expect(bus.controls.rules()).toEqual([]);
  });

  it.each([
    [
      "a rule that does not exist",
      new DescribeRuleCommand({ Name: "none" }),
      "ResourceNotFoundException",
      "Rule none does not exist on EventBus default.",
    ],
    [
      "targets of a rule that does not exist",
      new ListTargetsByRuleCommand({ Rule: "none" }),
      "ResourceNotFoundException",
      "none",
    ],
    [
      "a bus that does not exist",
      new ListRulesCommand({ EventBusName: "other" }),
      "ResourceNotFoundException",
      "Event bus other does not exist.",
    ],
    [
      "what it does not implement",
      new PutRuleCommand({ Name: "new", EventPattern: "{}" }),
      "UnknownOperationException",
      "",
    ],
  ])("refuses %s", async (_, command, name, message) => {
    const { client } = await open();
    await expect(client.send(command as DescribeRuleCommand)).rejects.toMatchObject({
      name,
      message: expect.stringContaining(message),
    });
  });
});

describe("TestEventPattern", () => {
  const event = JSON.stringify({
    id: "1",
    account: "111122223333",
    region: "eu-west-1",
    time: "2026-01-05T09:00:00Z",
    ...push(),
  });

  it.each([
    ['{"source":["aws.ecr"]}', true],
    ['{"source":["aws.s3"]}', false],
  ])("answers for %s: %s", async (EventPattern, Result) => {
    const { client } = await open();
    expect(
      await client.send(new TestEventPatternCommand({ EventPattern, Event: event })),
    ).toMatchObject({ Result });
  });

  it.each([
    [
      '{"source":"aws.ecr"}',
      event,
      "InvalidEventPatternException",
      'Event pattern is not valid. Reason: "source" must be an object or an array',
    ],
    [
      '{"source":["aws.ecr"]}',
      "plain text",
      "ValidationException",
      "Parameter Event is not valid.",
    ],
    [
      '{"source":["aws.ecr"]}',
      '{"source":"aws.ecr"}',
      "ValidationException",
      "Parameter Event is not valid.",
    ],
  ])("refuses %s with %s", async (EventPattern, Event, name, message) => {
    const { client } = await open();
    await expect(
      client.send(new TestEventPatternCommand({ EventPattern, Event })),
    ).rejects.toMatchObject({ name, message });
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
    [
      "DescribeRule",
      { Name: "on-push" },
      { action: "events:DescribeRule", resources: [ruleArn], access: "read" },
    ],
    [
      "DeleteRule",
      { Name: "on-push" },
      { action: "events:DeleteRule", resources: [ruleArn], access: "write" },
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
