import type { FunctionSettings, EventInvokeSettings } from "../lambda/sandbox.ts";
import type { Reading } from "./named-resources.ts";
import { type Template, functionArn, logicalFunctionId } from "./resolve-template.ts";

export interface StackFunction extends FunctionSettings {
  /** In serverless.yml. */
  readonly key: string;
  readonly handler: string;
}

export function readFunction(
  { key, name, handler, role, environment, timeout }: Template["functions"][number],
  reading: Reading,
): StackFunction {
  const { resolve, place } = reading;
  const eventInvoke = eventInvokeOf(name, reading);
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

export function hasUrl(key: string, { template }: Reading): boolean {
  const target = JSON.stringify(logicalFunctionId(key));
  return Object.values(template.Resources).some(
    ({ Type, Properties }) =>
      Type === "AWS::Lambda::Url" && JSON.stringify(Properties ?? {}).includes(target),
  );
}
