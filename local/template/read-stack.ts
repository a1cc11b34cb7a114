import type { Place } from "../aws/resource-arn.ts";
import type { RuleDefinition, Target } from "../eventbridge/rule.ts";
import { assertPlayed, type Statement } from "../iam/policy.ts";
import type { EventInvokeSettings, FunctionSettings } from "../lambda/sandbox.ts";
import { notPlayed } from "../not-played.ts";
import {
  functionArn,
  logicalFunctionId,
  resolveTemplate,
  type Resolve,
  type Resource,
  type Template,
} from "./resolve-template.ts";

export interface StackFunction extends FunctionSettings {
  /** In serverless.yml. */
  readonly key: string;
  readonly handler: string;
}

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

interface Reading {
  readonly template: Template;
  readonly place: Place;
  readonly resolve: Resolve;
}

export function readStack(template: Template, place: Place): Stack {
  const reading = { template, place, resolve: resolveTemplate(template, place) };
  const named = (type: string): readonly Named[] => resourcesOf(reading, type);
  return {
    functions: template.functions.map((one) =>
      readFunction(one, { ...reading, eventInvoke: eventInvokeOf(one.name, reading) }),
    ),
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

interface Named {
  readonly id: string;
  readonly ref: string;
  readonly arn: string;
  readonly properties: Readonly<Record<string, unknown>>;
}

function resourcesOf({ template, resolve }: Reading, type: string): readonly Named[] {
  const found: [string, Resource][] = Object.entries(template.Resources).filter(
    ([, resource]) => resource.Type === type,
  );
  return found.map(([id, { Properties = {} }]) => ({
    id,
    ref: String(resolve({ Ref: id })),
    arn: String(resolve({ "Fn::GetAtt": [id, "Arn"] })),
    properties: resolve(Properties) as Named["properties"],
  }));
}

interface FunctionReading extends Reading {
  readonly eventInvoke: EventInvokeSettings | undefined;
}

function readFunction(
  { key, name, handler, role, environment, timeout }: Template["functions"][number],
  { resolve, place, eventInvoke }: FunctionReading,
): StackFunction {
  const settled = Object.entries(environment).map(([variable, value]) => [
    variable,
    String(resolve(value)),
  ]);
  return {
    key,
    name,
    handler,
    timeout,
    arn: functionArn(place, name),
    roleArn: String(resolve({ "Fn::GetAtt": [role, "Arn"] })),
    environment: Object.fromEntries(settled),
    ...(eventInvoke && { eventInvoke }),
  };
}

interface EventInvokeProperties {
  readonly FunctionName: string;
  readonly MaximumRetryAttempts?: number;
  readonly MaximumEventAgeInSeconds?: number;
  readonly DestinationConfig?: {
    readonly OnSuccess?: object;
    readonly OnFailure?: { readonly Destination: string };
  };
}

function eventInvokeOf(
  functionName: string,
  { template, resolve }: Reading,
): EventInvokeSettings | undefined {
  const configs = Object.values(template.Resources)
    .filter(({ Type }) => Type === "AWS::Lambda::EventInvokeConfig")
    .map(({ Properties }) => resolve(Properties) as EventInvokeProperties);
  const found = configs.find(({ FunctionName }) => FunctionName === functionName);
  if (!found) return undefined;
  const {
    MaximumRetryAttempts,
    MaximumEventAgeInSeconds,
    DestinationConfig: { OnSuccess, OnFailure } = {},
  } = found;
  const onFailure = OnFailure?.Destination;
  if (OnSuccess || (onFailure !== undefined && onFailure.split(":")[2] !== "sqs")) {
    throw new Error(
      `${functionName}: the local cloud keeps records of failed events only, and in queues of SQS only`,
    );
  }
  return {
    ...(MaximumRetryAttempts === undefined ? {} : { maximumRetryAttempts: MaximumRetryAttempts }),
    ...(MaximumEventAgeInSeconds === undefined
      ? {}
      : { maximumEventAgeInSeconds: MaximumEventAgeInSeconds }),
    ...(onFailure === undefined ? {} : { onFailure }),
  };
}

function hasUrl(key: string, { template }: Reading): boolean {
  const target = JSON.stringify(logicalFunctionId(key));
  return Object.values(template.Resources).some(
    ({ Type, Properties }) =>
      Type === "AWS::Lambda::Url" && JSON.stringify(Properties ?? {}).includes(target),
  );
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
      for (const statement of statements) assertPlayed(statement);
      return [arn, statements];
    }),
  );
}

interface RuleProperties {
  readonly EventPattern?: Readonly<Record<string, unknown>>;
  readonly ScheduleExpression?: string;
  readonly Name?: string;
  readonly Targets?: readonly TargetProperties[];
}

interface TargetProperties {
  readonly Id: string;
  readonly Arn: string;
  readonly RetryPolicy?: {
    readonly MaximumRetryAttempts?: number;
    readonly MaximumEventAgeInSeconds?: number;
  };
  readonly DeadLetterConfig?: { readonly Arn: string };
}

function readRule({ ref, arn, properties }: Named): RuleDefinition {
  const {
    Name: _,
    EventPattern,
    ScheduleExpression,
    Targets = [],
    ...more
  } = properties as RuleProperties;
  refuse("a rule", more);
  return {
    name: ref,
    arn,
    targets: Targets.map(readTarget),
    ...(EventPattern ? { eventPattern: EventPattern } : {}),
    ...(ScheduleExpression ? { scheduleExpression: ScheduleExpression } : {}),
  };
}

/** What would happen in AWS, and is not read here. */
function refuse(of: string, properties: object): void {
  const [name] = Object.keys(properties);
  if (name !== undefined) throw new Error(notPlayed(`${name} of ${of}`));
}

function readTarget({ Id, Arn, RetryPolicy, DeadLetterConfig, ...more }: TargetProperties): Target {
  refuse("a target", more);
  const { MaximumRetryAttempts, MaximumEventAgeInSeconds } = RetryPolicy ?? {};
  return {
    id: Id,
    arn: Arn,
    ...(DeadLetterConfig ? { deadLetterArn: DeadLetterConfig.Arn } : {}),
    ...(RetryPolicy
      ? {
          retryPolicy: {
            ...(MaximumRetryAttempts === undefined
              ? {}
              : { maximumRetryAttempts: MaximumRetryAttempts }),
            ...(MaximumEventAgeInSeconds === undefined
              ? {}
              : { maximumEventAgeInSeconds: MaximumEventAgeInSeconds }),
          },
        }
      : {}),
  };
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
