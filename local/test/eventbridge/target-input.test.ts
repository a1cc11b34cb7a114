import { describe, expect, it } from "vitest";
import type { BusEvent } from "../../eventbridge/rule.ts";
import { targetInput } from "../../eventbridge/target-input.ts";
import { valueAt } from "../../eventbridge/value-at.ts";

// The sample event and the samples of user guide "eb-transform-target-input".
const event: BusEvent = {
  version: "0",
  id: "7bf73129-1428-4cd3-a780-95db273d1602",
  "detail-type": "EC2 Instance State-change Notification",
  source: "aws.ec2",
  account: "123456789012",
  time: "2015-11-11T21:29:54Z",
  region: "us-east-1",
  resources: ["arn:aws:ec2:us-east-1:123456789012:instance/i-abcd1111"],
  detail: {
    "instance-id": "i-0123456789",
    state: "RUNNING",
    count: 3,
    quoted: 'say "hi"',
    nested: { items: [{ name: "a" }, { name: "b" }] },
  },
};
const context = {
  event,
  rule: { name: "example", arn: "arn:aws:events:us-east-2:123456789012:rule/example" },
  ingestedAt: "2015-11-11T21:29:55.123Z",
};
const paths = {
  timestamp: "$.time",
  instance: "$.detail.instance-id",
  state: "$.detail.state",
  resource: "$.resources[0]",
  all: "$.detail.nested",
  count: "$.detail.count",
  gone: "$.detail.gone",
  quoted: "$.detail.quoted",
};
const target = { id: "t", arn: "arn:aws:lambda:us-east-1:123456789012:function:f" };
const transformed = (inputTemplate: string) =>
  targetInput({ ...target, inputTransformer: { inputPathsMap: paths, inputTemplate } }, context);

describe("the input of a target", () => {
  it("is the whole event when nothing else is asked", () => {
    expect(JSON.parse(targetInput(target, context))).toEqual(event);
  });

  it("is a constant", () => {
    expect(targetInput({ ...target, input: '{"sweep":true}' }, context)).toBe('{"sweep":true}');
  });

  it("is the part of the event at a path", () => {
    expect(JSON.parse(targetInput({ ...target, inputPath: "$.detail" }, context))).toEqual(
      event.detail,
    );
  });

  it.each([
    [
      "a simple string",
      '"instance <instance> is in <state>"',
      '"instance i-0123456789 is in RUNNING"',
    ],
    [
      "escaped quotes",
      '"instance \\"<instance>\\" is in <state>"',
      '"instance \\"i-0123456789\\" is in RUNNING"',
    ],
    [
      "strings without quotes",
      '{"instance" : <instance>, "state": <state>}',
      '{"instance" : "i-0123456789", "state": "RUNNING"}',
    ],
    [
      "strings with quotes",
      '{"state": "<state>", "s": "in <state>"}',
      '{"state": "RUNNING", "s": "in RUNNING"}',
    ],
    ["static parts", '{"state": [ 9, <state>, true ]}', '{"state": [ 9, "RUNNING", true ]}'],
    [
      "an array element",
      '{"r": <resource>}',
      '{"r": "arn:aws:ec2:us-east-1:123456789012:instance/i-abcd1111"}',
    ],
    ["a number", '{"n": <count>}', '{"n": 3}'],
    [
      "the rule",
      '{"a": <aws.events.rule-arn>, "n": "<aws.events.rule-name> triggered"}',
      '{"a": "arn:aws:events:us-east-2:123456789012:rule/example", "n": "example triggered"}',
    ],
    [
      "the time of ingestion",
      '{"t": <aws.events.event.ingestion-time>}',
      '{"t": "2015-11-11T21:29:55.123Z"}',
    ],
    ["an object as a value", '{"all": <all>}', '{"all": {"items":[{"name":"a"},{"name":"b"}]}}'],
    [
      "an object in a string, which loses its quotes",
      '"is <all>"',
      '"is {items:[{name:a},{name:b}]}"',
    ],
    ["a path that finds nothing, in a string", '{"g": "<gone>"}', '{"g": ""}'],
    ["a path that finds nothing, as a value", '{"g": <gone>}', '{"g": }'],
    ["a value that is not escaped", '{"q": "<quoted>"}', '{"q": "say "hi""}'],
    ["a name that no path has", '{"x": "<unknown>"}', '{"x": ""}'],
  ])("is made by a template: %s", (_, template, expected) => {
    expect(transformed(template)).toBe(expected);
  });

  it("is made of the original event, with and without its detail", () => {
    const { detail: _, ...envelope } = event;
    expect(JSON.parse(transformed('{"a":<aws.events.event.json>,"b":<aws.events.event>}'))).toEqual(
      { a: event, b: envelope },
    );
  });
});

// "Supported syntax includes: dot notation, dashes, underscores, alphanumeric characters, array indices, wildcards (*), forward slashes" (same page).
describe("a path into an event", () => {
  it.each([
    ["$", event],
    ["$.detail.instance-id", "i-0123456789"],
    ["$.detail.nested.items[1].name", "b"],
    ["$.detail.nested.items[*].name", ["a", "b"]],
    ["$.detail.nested.items[9].name", undefined],
    ["$.detail.state.deeper", undefined],
    ["$.detail.constructor", undefined],
    ["$.detail['state']", undefined],
    ["$..state", undefined],
    ["detail.state", undefined],
  ])("%s gives %j", (path, expected) => {
    expect(valueAt(event, path)).toEqual(expected);
  });
});
