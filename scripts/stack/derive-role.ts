import type { Statement, Statements, WideStatement } from "./derive-statements.ts";
import { pascalCase, roleId, type Resource, type Resources } from "./service.ts";

/**
 * IAM user guide, "IAM and AWS STS quotas": a managed policy has at most 6,144 characters without
 * white space, and a role takes 10 of them unless the quota was raised. All inline policies of a
 * role together may have 10,240; the rest stays free, because a resolved reference is longer than
 * the reference.
 */
const managedSize = 6144;
const managedPerRole = 10;
const inlineSize = 9000;

/**
 * The role of one function, with managed policies beside it when promoter.yml names more
 * repositories than fit into the role itself.
 */
export function deriveRole(key: string, { fixed, wide }: Statements): Resources {
  const whole = document([...fixed, ...wide]);
  if (sizeOf(whole) <= inlineSize) return { [roleId(key)]: role(key, whole, []) };
  const parts = wide.flatMap(cutToSize);
  if (parts.length > managedPerRole) throw new Error(tooMany(key, parts.length));
  const policies = Object.fromEntries(
    parts.map((part, index) => [`${pascalCase(key)}Policy${index + 1}`, managedPolicy(part)]),
  );
  return { ...policies, [roleId(key)]: role(key, document(fixed), Object.keys(policies)) };
}

interface PolicyDocument {
  readonly Version: "2012-10-17";
  readonly Statement: readonly Statement[];
}

function document(statements: readonly Statement[]): PolicyDocument {
  return { Version: "2012-10-17", Statement: statements };
}

function role(key: string, inline: PolicyDocument, managed: readonly string[]): Resource {
  const trust = {
    Effect: "Allow",
    Principal: { Service: "lambda.amazonaws.com" },
    Action: "sts:AssumeRole",
  };
  return {
    Type: "AWS::IAM::Role",
    Properties: {
      AssumeRolePolicyDocument: { Version: "2012-10-17", Statement: [trust] },
      Policies: [{ PolicyName: key, PolicyDocument: inline }],
      ...(managed.length > 0 && { ManagedPolicyArns: managed.map((id) => ({ Ref: id })) }),
    },
  };
}

function managedPolicy(statement: WideStatement): Resource {
  return { Type: "AWS::IAM::ManagedPolicy", Properties: { PolicyDocument: document([statement]) } };
}

/** As few parts as it takes, each with the same actions on some of the resources. */
function cutToSize(statement: WideStatement): readonly WideStatement[] {
  const empty = sizeOf(document([{ ...statement, Resource: [] }]));
  const parts: string[][] = [];
  let left = 0;
  for (const arn of statement.Resource) {
    const size = JSON.stringify(arn).length + 1;
    if (size > left) {
      parts.push([]);
      left = managedSize - empty;
    }
    parts.at(-1)?.push(arn);
    left -= size;
  }
  return parts.map((resources) => ({ ...statement, Resource: resources }));
}

function sizeOf(policy: PolicyDocument): number {
  return JSON.stringify(policy).length;
}

function tooMany(key: string, parts: number): string {
  return (
    `the role of ${key} would need ${parts} managed policies for the repositories that promoter.yml names, ` +
    `and IAM attaches ${managedPerRole}: split promoter.yml into two stacks`
  );
}
