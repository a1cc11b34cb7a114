import { partitionOf } from "../aws/partition.ts";
import { resourceArn, iamArn, type AccountRegion } from "../aws/resource-arn.ts";
import { unsupported } from "../unsupported.ts";

/** A CloudFormation template as far as this cloud reads it. */
export interface Template {
  readonly Resources: Readonly<Record<string, Resource>>;
  readonly functions: readonly TemplateFunction[];
}

export interface Resource {
  readonly Type: string;
  readonly Properties?: Readonly<Record<string, unknown>>;
}

/** A function of serverless.yml; the framework makes `<Key>LambdaFunction` of it. */
export interface TemplateFunction {
  readonly key: string;
  readonly name: string;
  /** `functions/verify-images.handler`. */
  readonly handler: string;
  /** Logical id of the role. */
  readonly role: string;
  readonly environment: Readonly<Record<string, unknown>>;
  /** Seconds. */
  readonly timeout: number;
}

export type Resolve = (value: unknown) => unknown;

/**
 * Resolves Ref, Fn::GetAtt and Fn::Sub as CloudFormation does once everything is created. Throws on
 * what it does not know.
 */
export function resolveTemplate(template: Template, place: AccountRegion): Resolve {
  const resolve: Resolve = (value) => {
    if (Array.isArray(value)) return value.map(resolve);
    if (typeof value !== "object" || value === null) return value;
    const [[key, argument] = [], ...others] = Object.entries(value);
    const intrinsic = others.length === 0 && key !== undefined ? intrinsics[key] : undefined;
    if (intrinsic) return intrinsic(argument, { template, place, resolve });
    if (key?.startsWith("Fn::") === true) throw new Error(unsupported(key));
    return Object.fromEntries(
      Object.entries(value).map(([name, member]) => [name, resolve(member)]),
    );
  };
  return resolve;
}

interface Scope {
  readonly template: Template;
  readonly place: AccountRegion;
  readonly resolve: Resolve;
}

const intrinsics: Readonly<Record<string, (argument: unknown, scope: Scope) => unknown>> = {
  Ref: (argument, scope) => reference(String(argument), scope),
  "Fn::GetAtt": (argument, scope) => attribute(argument, scope),
  "Fn::Sub": (argument, scope) => substitute(argument, scope),
};

function substitute(argument: unknown, scope: Scope): string {
  if (typeof argument !== "string") throw new Error(unsupported("Fn::Sub with names of its own"));
  return argument.replaceAll(/\$\{([^!}]+)\}/g, (_, name: string) => String(named(name, scope)));
}

function named(name: string, scope: Scope): unknown {
  const [logicalId, ...path] = name.split(".");
  return path.length > 0 ? attribute([logicalId, path.join(".")], scope) : reference(name, scope);
}

function reference(name: string, { template, place, resolve }: Scope): unknown {
  const pseudo: Readonly<Record<string, string>> = {
    "AWS::AccountId": place.account,
    "AWS::Region": place.region,
    "AWS::Partition": partitionOf(place.region).name,
  };
  if (name in pseudo) return pseudo[name];
  const made = template.functions.find(({ key }) => logicalFunctionId(key) === name);
  return made ? made.name : identify(name, { template, place, resolve }).ref;
}

function attribute(argument: unknown, { template, place, resolve }: Scope): unknown {
  const [name, key] = Array.isArray(argument) ? argument.map(String) : String(argument).split(".");
  if (key !== "Arn") {
    throw new Error(`the local cloud resolves only the attribute Arn, not ${name}.${key}`);
  }
  const made = template.functions.find((one) => logicalFunctionId(one.key) === name);
  return made
    ? functionArn(place, made.name)
    : identify(name ?? "", { template, place, resolve }).arn;
}

export function functionArn(place: AccountRegion, name: string): string {
  return resourceArn(place, "lambda", `function:${name}`);
}

/** `verifyImages` becomes `VerifyImagesLambdaFunction`: the framework's own rule. */
export function logicalFunctionId(key: string): string {
  return `${key.charAt(0).toUpperCase()}${key.slice(1)}LambdaFunction`;
}

interface Identity {
  readonly ref: string;
  readonly arn: string;
}

/** What Ref and Arn of a resource are once it exists: by type, from the CloudFormation reference. */
function identify(logicalId: string, { template, place, resolve }: Scope): Identity {
  const resource = template.Resources[logicalId];
  if (!resource) throw new Error(`the template has no resource ${logicalId}`);
  const identity = identities[resource.Type];
  if (!identity) {
    throw new Error(
      `the local cloud does not know how to refer to ${logicalId}, a ${resource.Type}`,
    );
  }
  const nameOf = (property: string): string =>
    String(resolve(resource.Properties?.[property] ?? logicalId));
  return identity(nameOf, { own: (service, rest) => resourceArn(place, service, rest), place });
}

const identities: Readonly<
  Record<
    string,
    (
      nameOf: (property: string) => string,
      naming: {
        readonly own: (service: string, rest: string) => string;
        readonly place: AccountRegion;
      },
    ) => Identity
  >
> = {
  "AWS::IAM::Role": (nameOf, { place }) =>
    both(nameOf("RoleName"), (name) => iamArn(place, `role/${name}`)),
  "AWS::IAM::ManagedPolicy": (nameOf, { place }) =>
    same(iamArn(place, `policy/${nameOf("ManagedPolicyName")}`)),
  "AWS::DynamoDB::Table": (nameOf, { own }) =>
    both(nameOf("TableName"), (name) => own("dynamodb", `table/${name}`)),
  "AWS::SQS::Queue": (nameOf, { own, place }) => ({
    ref: `https://sqs.${place.region}.${partitionOf(place.region).dnsSuffix}/${place.account}/${nameOf("QueueName")}`,
    arn: own("sqs", nameOf("QueueName")),
  }),
  "AWS::StepFunctions::StateMachine": (nameOf, { own }) =>
    same(own("states", `stateMachine:${nameOf("StateMachineName")}`)),
  "AWS::SecretsManager::Secret": (nameOf, { own }) =>
    same(own("secretsmanager", `secret:${nameOf("Name")}-local0`)),
  "AWS::Events::Rule": (nameOf, { own }) =>
    both(nameOf("Name"), (name) => own("events", `rule/${name}`)),
  "AWS::Logs::LogGroup": (nameOf, { own }) =>
    both(nameOf("LogGroupName"), (name) => own("logs", `log-group:${name}:*`)),
};

function both(ref: string, arn: (name: string) => string): Identity {
  return { ref, arn: arn(ref) };
}

function same(arn: string): Identity {
  return { ref: arn, arn };
}
