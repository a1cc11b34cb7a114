import type { AccountRegion } from "../aws/resource-arn.ts";
import type { RuleDefinition } from "../eventbridge/rule.ts";
import { assertSupported, type Statement } from "../iam/policy.ts";
import { resourcesOf, type Reading, type Named } from "./named-resources.ts";
import { hasUrl, type StackFunction, readFunction } from "./read-functions.ts";
import { readRule } from "./read-rules.ts";
import { resolveTemplate, type Template } from "./resolve-template.ts";

/** What the template asks for, all references resolved: the input of the simulated services. */
export interface Stack {
  readonly functions: readonly StackFunction[];
  /** Names of the functions with a URL. */
  readonly functionUrls: readonly string[];
  /** By ARN of the role. */
  readonly statements: ReadonlyMap<string, readonly Statement[]>;
  readonly rules: readonly RuleDefinition[];
  readonly tables: readonly string[];
  readonly queues: readonly { readonly name: string; readonly arn: string }[];
  readonly secrets: readonly { readonly name: string; readonly arn: string }[];
  readonly stateMachines: readonly {
    readonly name: string;
    readonly arn: string;
    readonly definition: string;
    readonly roleArn: string;
  }[];
}

export function readStack(template: Template, place: AccountRegion): Stack {
  const reading = { template, place, resolve: resolveTemplate(template, place) };
  const named = (type: string): readonly Named[] => resourcesOf(reading, type);
  return {
    functions: template.functions.map((one) => readFunction(one, reading)),
    functionUrls: template.functions
      .filter(({ key }) => hasUrl(key, reading))
      .map(({ name }) => name),
    statements: readStatements(reading),
    rules: named("AWS::Events::Rule").map((one) => readRule(one)),
    tables: named("AWS::DynamoDB::Table").map(({ ref }) => ref),
    queues: named("AWS::SQS::Queue").map(({ arn }) => ({ arn, name: arn.split(":").at(-1) ?? "" })),
    secrets: named("AWS::SecretsManager::Secret").map(({ arn, properties, id }) => ({
      arn,
      name: typeof properties["Name"] === "string" ? properties["Name"] : id,
    })),
    stateMachines: named("AWS::StepFunctions::StateMachine").map((one) => readStateMachine(one)),
  };
}

interface Policy {
  readonly Statement: readonly Statement[];
}

interface Policies {
  readonly Policies?: readonly { readonly PolicyDocument: Policy }[];
  readonly ManagedPolicyArns?: readonly string[];
}

function readStatements(reading: Reading): ReadonlyMap<string, readonly Statement[]> {
  const managed = resourcesOf(reading, "AWS::IAM::ManagedPolicy");
  return new Map(
    resourcesOf(reading, "AWS::IAM::Role").map(({ arn, properties }) => {
      const { Policies = [], ManagedPolicyArns = [] } = properties as Policies;
      const inline = Policies.flatMap(({ PolicyDocument }) => PolicyDocument.Statement);
      const attached = managed
        .filter((policy) => ManagedPolicyArns.includes(policy.arn))
        .flatMap(({ properties: { PolicyDocument } }) => (PolicyDocument as Policy).Statement);
      const statements = [...inline, ...attached];
      for (const statement of statements) assertSupported(statement);
      return [arn, statements];
    }),
  );
}

interface StateMachineProperties {
  readonly StateMachineName: string;
  readonly RoleArn: string;
  readonly DefinitionString: string;
  readonly DefinitionSubstitutions?: Readonly<Record<string, string>>;
}

function readStateMachine({ arn, properties }: Named): Stack["stateMachines"][number] {
  const {
    StateMachineName: name,
    RoleArn: roleArn,
    DefinitionString,
    DefinitionSubstitutions = {},
  } = properties as unknown as StateMachineProperties;
  return {
    name,
    arn,
    roleArn,
    definition: DefinitionString.replaceAll(
      /\$\{(\w+)\}/g,
      (whole, key: string) => DefinitionSubstitutions[key] ?? whole,
    ),
  };
}
