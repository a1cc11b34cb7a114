import { describe, expect, it } from "vitest";
import { assertSupported, isAllowed, type Statement } from "../../iam/policy.ts";

const table = "arn:aws:dynamodb:eu-west-1:111122223333:table/promoter";
const onPartitions = (...patterns: string[]): Statement => ({
  Effect: "Allow",
  Action: ["dynamodb:GetItem", "dynamodb:Query"],
  Resource: table,
  Condition: { "ForAllValues:StringLike": { "dynamodb:LeadingKeys": patterns } },
});
const repository = (name: string): string =>
  `arn:aws:ecr:eu-west-1:111122223333:repository/${name}`;
const asks = (...keys: string[]) => ({
  action: "dynamodb:GetItem",
  resources: [table],
  conditions: { "dynamodb:LeadingKeys": keys },
});

// IAM user guide, "Policy evaluation logic" and "Multivalued context keys".
describe("a condition on the keys of a request", () => {
  it.each([
    ["a key of an allowed partition", ["PROMO#*"], ["PROMO#p-1"], true],
    ["a key of another partition", ["PROMO#*"], ["ENV#shop#production"], false],
    ["keys that are all allowed", ["PROMO#*", "ENV#*"], ["PROMO#p-1", "ENV#shop#production"], true],
    ["keys of which one is not allowed", ["PROMO#*"], ["PROMO#p-1", "APPROVAL#p-1#a"], false],
    ["a partition that only begins alike", ["PROMO#*"], ["PROMOTED#p-1"], false],
    ["letters of another case", ["PROMO#*"], ["promo#p-1"], false],
  ])("decides on %s", (_, patterns, keys, allowed) => {
    expect(isAllowed([onPartitions(...patterns)], asks(...keys))).toBe(allowed);
  });

  it("holds for all values of a key that the request does not have", () => {
    expect(
      isAllowed([onPartitions("PROMO#*")], {
        action: "dynamodb:GetItem",
        resources: [table],
        conditions: {},
      }),
    ).toBe(true);
  });

  it("is not joined from two statements: each must hold for the whole request", () => {
    expect(
      isAllowed(
        [onPartitions("PROMO#*"), onPartitions("ENV#*")],
        asks("PROMO#p-1", "ENV#shop#production"),
      ),
    ).toBe(false);
  });
});

describe("statements", () => {
  const put: Statement = {
    Effect: "Allow",
    Action: "ecr:PutImage",
    Resource: [repository("api"), repository("ui")],
  };
  const to = (...names: string[]) => ({
    action: "ecr:PutImage",
    resources: names.map(repository),
    conditions: {},
  });

  it.each([
    ["a resource that is named", [put], to("ui"), true],
    ["one that is not", [put], to("other"), false],
    ["several, all of which are named", [put], to("api", "ui"), true],
    ["several, one of which is not", [put], to("api", "other"), false],
    ["another action", [put], { ...to("ui"), action: "ecr:BatchDeleteImage" }, false],
    ["an action in letters of another case", [put], { ...to("ui"), action: "ECR:putimage" }, true],
    ["anything, without statements", [], to("ui"), false],
  ] as const)("decide on %s", (_, statements, request, allowed) => {
    expect(isAllowed(statements, request)).toBe(allowed);
  });
});

describe("what no role of the template has", () => {
  it.each([
    ["Deny in a policy", { Effect: "Deny" }],
    ["NotAction in a policy", { NotAction: "ecr:PutImage" }],
    ["StringEquals", { Condition: { StringEquals: { "aws:SourceAccount": "1" } } }],
    ["ArnLike", { Condition: { ArnLike: { "aws:SourceArn": "*" } } }],
    ["ForAnyValue:StringLike", { Condition: { "ForAnyValue:StringLike": {} } }],
  ])("is refused by name: %s", (name, part) => {
    expect(() => assertSupported({ ...onPartitions("PROMO#*"), ...part })).toThrow(
      `the local cloud does not support ${name}: nothing that the promoter ships uses it`,
    );
  });
});
