import { describe, expect, it } from "vitest";
import { readStack } from "../../template/read-stack.ts";

const place = { account: "111122223333", region: "eu-west-1" };
const stackOf = (Type: string, Properties: Readonly<Record<string, unknown>>) =>
  readStack({ Resources: { One: { Type, Properties } }, functions: [] }, place);
const pattern = { EventPattern: { source: ["aws.ecr"] } };
const target = { Id: "one", Arn: "arn:aws:lambda:eu-west-1:111122223333:function:one" };

describe("the rules of a template", () => {
  it("are read with their targets", () => {
    const { rules } = stackOf("AWS::Events::Rule", { Name: "push", ...pattern, Targets: [target] });
    expect(rules).toEqual([
      {
        name: "push",
        arn: "arn:aws:events:eu-west-1:111122223333:rule/push",
        eventPattern: pattern.EventPattern,
        targets: [{ id: "one", arn: target.Arn }],
      },
    ]);
  });

  it.each(["State", "EventBusName", "RoleArn"])("are refused for the %s of a rule", (name) => {
    expect(() => stackOf("AWS::Events::Rule", { ...pattern, [name]: "" })).toThrow(
      `the local cloud does not support ${name} of a rule: nothing that the promoter ships uses it`,
    );
  });

  it.each(["Input", "InputPath", "InputTransformer", "RoleArn"])(
    "are refused for the %s of a target",
    (name) => {
      const properties = { ...pattern, Targets: [{ ...target, [name]: "" }] };
      expect(() => stackOf("AWS::Events::Rule", properties)).toThrow(
        `the local cloud does not support ${name} of a target: nothing that the promoter ships uses it`,
      );
    },
  );
});

describe("an intrinsic function", () => {
  it.each(["Fn::Join", "Fn::If", "Fn::Select"])("is refused by name: %s", (name) => {
    expect(() => stackOf("AWS::SQS::Queue", { QueueName: { [name]: [] } })).toThrow(
      `the local cloud does not support ${name}: nothing that the promoter ships uses it`,
    );
  });
});

it("refuses Fn::Sub with names of its own", () => {
  const properties = { QueueName: { "Fn::Sub": ["${A}", { A: "a" }] } };
  expect(() => stackOf("AWS::SQS::Queue", properties)).toThrow(
    "the local cloud does not support Fn::Sub with names of its own",
  );
});

describe("the roles of a template", () => {
  it("are refused for a statement that denies", () => {
    const Statement = [{ Effect: "Deny", Action: "ecr:PutImage", Resource: "*" }];
    const Policies = [{ PolicyDocument: { Statement } }];
    expect(() => stackOf("AWS::IAM::Role", { RoleName: "one", Policies })).toThrow(
      "the local cloud does not support Deny in a policy",
    );
  });
});
