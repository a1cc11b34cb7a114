import { logicalIds } from "./names.ts";
import { functionId, pascalCase, type Resources, type Service } from "./service.ts";

/**
 * The definition as text, each placeholder tied to its function or to the partition, and a role
 * that may invoke exactly these functions.
 */
export function deriveStateMachine({
  resources,
  functions,
}: Pick<Service, "resources" | "functions">): Resources {
  const machine = resources[logicalIds.stateMachine];
  if (!machine) throw new Error(`serverless.yml has no resource ${logicalIds.stateMachine}`);
  const { Definition, ...properties } = machine.Properties ?? {};
  const text = JSON.stringify(Definition);
  const called = Object.keys(functions).filter((key) => text.includes(`\${${placeholder(key)}}`));
  const substitutions = {
    Partition: { Ref: "AWS::Partition" },
    ...Object.fromEntries(called.map((key) => [placeholder(key), arnOf(key)])),
  };
  return {
    ...resources,
    [logicalIds.stateMachine]: {
      ...machine,
      Properties: { ...properties, DefinitionString: text, DefinitionSubstitutions: substitutions },
    },
    [logicalIds.stateMachineRole]: stateMachineRole(called),
  };
}

function placeholder(key: string): string {
  return `${pascalCase(key)}FunctionArn`;
}

function arnOf(key: string): unknown {
  return { "Fn::GetAtt": [functionId(key), "Arn"] };
}

/**
 * Step Functions developer guide, "Logging using CloudWatch Logs": log delivery has no
 * resource-level permissions.
 */
const logDelivery = [
  "logs:CreateLogDelivery",
  "logs:GetLogDelivery",
  "logs:UpdateLogDelivery",
  "logs:DeleteLogDelivery",
  "logs:ListLogDeliveries",
  "logs:PutResourcePolicy",
  "logs:DescribeResourcePolicies",
  "logs:DescribeLogGroups",
];

function stateMachineRole(called: readonly string[]): Resources[string] {
  const ownAccount = { StringEquals: { "aws:SourceAccount": { Ref: "AWS::AccountId" } } };
  const trust = {
    Effect: "Allow",
    Principal: { Service: "states.amazonaws.com" },
    Action: "sts:AssumeRole",
    Condition: ownAccount,
  };
  const statements = [
    { Effect: "Allow", Action: ["lambda:InvokeFunction"], Resource: called.map(arnOf) },
    { Effect: "Allow", Action: logDelivery, Resource: "*" },
  ];
  return {
    Type: "AWS::IAM::Role",
    Properties: {
      AssumeRolePolicyDocument: { Version: "2012-10-17", Statement: [trust] },
      Policies: [
        {
          PolicyName: "promotion",
          PolicyDocument: { Version: "2012-10-17", Statement: statements },
        },
      ],
    },
  };
}
