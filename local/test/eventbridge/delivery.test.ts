import { describe, expect, it } from "vitest";
import { functionArn, push, pushRule, queueArn, ruleArn, target, testBus } from "./cloud.ts";

const unavailable = {
  kind: "error",
  retriable: true,
  code: "ERROR_FROM_TARGET",
  message: "503",
} as const;
const forbidden = {
  kind: "error",
  retriable: false,
  code: "NO_PERMISSIONS",
  message: "not allowed",
} as const;
const withQueue = { ...pushRule, targets: [{ ...target, deadLetterArn: queueArn }] };

describe("the bus", () => {
  it("completes an event with id, time, account and Region", async () => {
    const { bus, sent, settle } = testBus();
    const id = bus.emit(push());
    await settle();
    expect(JSON.parse(sent[0]?.payload ?? "")).toEqual({
      version: "0",
      id,
      "detail-type": "ECR Image Action",
      source: "aws.ecr",
      account: "111122223333",
      time: "2026-01-05T09:00:00Z",
      region: "eu-west-1",
      resources: [],
      detail: push().detail,
    });
  });

  it("does not deliver within the call that emits", async () => {
    const { bus, sent, settle } = testBus();
    bus.emit(push());
    expect(sent).toEqual([]);
    await settle();
    expect(sent).toHaveLength(1);
  });

  it("delivers to every target of every rule that matches, and to no other", async () => {
    const { bus, sent, settle } = testBus([
      pushRule,
      {
        ...pushRule,
        name: "audit",
        targets: [
          { ...target, id: "a" },
          { ...target, id: "b" },
        ],
      },
      {
        ...pushRule,
        name: "deletions",
        eventPattern: { detail: { "action-type": ["DELETE"] } },
        targets: [{ ...target, id: "no" }],
      },
    ]);
    bus.emit(push());
    await settle();
    expect(sent.map((each) => each.target).toSorted()).toEqual(["a", "b", "function"]);
  });

  it("remembers events and deliveries", async () => {
    const { bus, settle } = testBus();
    const id = bus.emit(push());
    await settle();
    expect(bus.controls.events()).toMatchObject([{ id }]);
    expect(bus.controls.deliveries()).toMatchObject([
      {
        event: { id },
        rule: "on-push",
        target: functionArn,
        attempts: 1,
        state: { kind: "delivered" },
      },
    ]);
  });

  it("forgets all but the last 1,000", async () => {
    const { bus, settle } = testBus();
    for (let pushed = 0; pushed < 1_001; pushed++) bus.emit(push(`dev-${pushed}`));
    await settle();
    expect(bus.controls.events()).toHaveLength(1_000);
    expect(bus.controls.deliveries()).toHaveLength(1_000);
    expect(bus.controls.events()[0]?.detail["image-tag"]).toBe("dev-1");
  });

  it("delivers twice, late, in another order, or not at all when so configured", async () => {
    const { bus, settle, advance, tags } = testBus();
    const delays: Record<string, readonly number[]> = { first: [5_000], second: [0, 0], third: [] };
    bus.controls.behave((event) => delays[String(event.detail["image-tag"])] ?? [0]);
    for (const tag of ["first", "second", "third"]) bus.emit(push(tag));
    await settle();
    expect(tags()).toEqual(["second", "second"]);
    await advance(5_000);
    expect(tags()).toEqual(["second", "second", "first"]);
  });
});

describe("a delivery that fails", () => {
  it("is retried later, until it succeeds", async () => {
    const { bus, clock, sent, settle, advance } = testBus(
      [withQueue],
      [unavailable, unavailable, { kind: "ok" }],
    );
    const start = clock.now();
    bus.emit(push());
    await settle();
    expect(bus.controls.deliveries()).toMatchObject([
      { attempts: 1, state: { kind: "waiting", until: start + 500 } },
    ]);
    await advance(60_000);
    expect(sent.map(({ at }) => at - start)).toEqual([0, 500, 1_500]);
    expect(bus.controls.deliveries()).toMatchObject([
      { attempts: 3, state: { kind: "delivered" } },
    ]);
  });

  // Attributes and codes: EventBridge user guide "eb-rule-dlq".
  it("becomes a dead letter with the original event after its retries", async () => {
    const rule = {
      ...pushRule,
      targets: [
        {
          ...target,
          input: '{"x":1}',
          deadLetterArn: queueArn,
          retryPolicy: { maximumRetryAttempts: 2 },
        },
      ],
    };
    const { bus, dead, sent, settle, advance } = testBus([rule], [unavailable]);
    bus.emit(push());
    await settle();
    await advance(60_000);
    expect(sent).toHaveLength(3);
    expect(dead).toHaveLength(1);
    expect(dead[0]).toMatchObject({
      queue: queueArn,
      message: {
        attributes: {
          RULE_ARN: ruleArn,
          TARGET_ARN: functionArn,
          ERROR_CODE: "ERROR_FROM_TARGET",
          ERROR_MESSAGE: "503",
          EXHAUSTED_RETRY_CONDITION: "MaximumRetryAttempts",
          RETRY_ATTEMPTS: "2",
        },
      },
    });
    expect(JSON.parse(dead[0]?.message.body ?? "")).toEqual(bus.controls.events()[0]);
  });

  it("becomes a dead letter when the event is too old", async () => {
    const rule = {
      ...pushRule,
      targets: [
        { ...target, deadLetterArn: queueArn, retryPolicy: { maximumEventAgeInSeconds: 60 } },
      ],
    };
    const { bus, dead, settle, advance } = testBus([rule], [unavailable]);
    bus.emit(push());
    await settle();
    await advance(59_999);
    expect(dead).toEqual([]);
    await advance(1);
    expect(dead[0]?.message.attributes).toMatchObject({
      EXHAUSTED_RETRY_CONDITION: "MaximumEventAgeInSeconds",
    });
  });

  it("becomes a dead letter at once when no retry can mend it", async () => {
    const { bus, dead, sent, settle } = testBus([withQueue], [forbidden]);
    bus.emit(push());
    await settle();
    expect(sent).toHaveLength(1);
    expect(dead[0]?.message.attributes).toEqual({
      RULE_ARN: ruleArn,
      TARGET_ARN: functionArn,
      ERROR_CODE: "NO_PERMISSIONS",
      ERROR_MESSAGE: "not allowed",
      RETRY_ATTEMPTS: "0",
    });
  });

  it("is lost without a dead-letter queue", async () => {
    const { bus, dead, settle } = testBus([pushRule], [forbidden]);
    bus.emit(push());
    await settle();
    expect(dead).toEqual([]);
    expect(bus.controls.deliveries()).toMatchObject([
      { state: { kind: "lost", error: { code: "NO_PERMISSIONS" } } },
    ]);
  });

  it("is not retried after the cloud has closed", async () => {
    const { bus, clock, sent, settle } = testBus([withQueue], [unavailable]);
    bus.emit(push());
    await settle();
    await bus.close();
    expect(clock.next()).toBeUndefined();
    expect(sent).toHaveLength(1);
  });
});

describe("a scheduled rule", () => {
  const scheduled = {
    name: "sweep",
    arn: ruleArn,
    scheduleExpression: "rate(15 minutes)",
    targets: [target],
  } as const;

  it("sends a Scheduled Event to its own targets, again and again", async () => {
    const { sent, advance } = testBus([
      scheduled,
      {
        ...pushRule,
        eventPattern: { source: ["aws.events"] },
        targets: [{ ...target, id: "other" }],
      },
    ]);
    await advance(30 * 60_000);
    expect(sent.map((each) => each.target)).toEqual(["function", "function"]);
    expect(JSON.parse(sent[0]?.payload ?? "")).toMatchObject({
      source: "aws.events",
      "detail-type": "Scheduled Event",
      resources: [ruleArn],
      time: "2026-01-05T09:15:00Z",
      detail: {},
    });
  });

  it("stops with the cloud", async () => {
    const { bus, clock } = testBus([scheduled]);
    await bus.close();
    expect(clock.next()).toBeUndefined();
  });
});

describe("the rules of a template", () => {
  it.each([
    [
      "an invalid pattern",
      [{ ...pushRule, eventPattern: '{"source":"aws.ecr"}' }],
      'rule on-push: Event pattern is not valid. Reason: "source" must be an object or an array',
    ],
    [
      "an invalid schedule",
      [{ ...pushRule, scheduleExpression: "rate(5 minute)" }],
      "rule on-push: Parameter ScheduleExpression is not valid",
    ],
    [
      "neither",
      [{ name: "bare", arn: ruleArn, targets: [] }],
      "rule bare: Parameter(s) EventPattern or ScheduleExpression must be specified.",
    ],
    [
      "six targets",
      [{ ...pushRule, targets: Array.from({ length: 6 }, () => target) }],
      "at most 5",
    ],
    [
      "an operator that is not supported",
      [{ ...pushRule, eventPattern: { source: [{ wildcard: "a*" }] } }],
      "the local cloud does not support wildcard",
    ],
    [
      "a cron expression",
      [{ ...pushRule, scheduleExpression: "cron(0 10 * * ? *)" }],
      "rule on-push: the local cloud does not support cron(0 10 * * ? *)",
    ],
    [
      "301 rules",
      Array.from({ length: 301 }, (_, index) => ({ ...pushRule, name: `rule-${index}` })),
      "at most 300",
    ],
  ])("are refused for %s", (_, rules, reason) => {
    expect(() => testBus(rules)).toThrow(reason);
  });
});
