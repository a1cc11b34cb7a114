import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { parse } from "yaml";
import type { Configuration } from "../../src/domain/configuration.ts";
import { valueAt } from "../../src/domain/json.ts";
import { deriveStack, type DerivedStack } from "./derive-stack.ts";
import { resolveVariables } from "./resolve-variables.ts";
import {
  functionId,
  pascalCase,
  type FunctionDefinition,
  type Resource,
  type Resources,
} from "./service.ts";

export interface TemplateOptions {
  /** Folder of serverless.yml. */
  readonly root: string;
  readonly configuration: Configuration;
  readonly stage?: string;
}

export interface LoadedFunction {
  readonly key: string;
  readonly name: string;
  readonly handler: string;
  /** Logical id. */
  readonly role: string;
  readonly environment: Readonly<Record<string, unknown>>;
  /** Seconds. */
  readonly timeout: number;
  /** MiB. */
  readonly memorySize: number;
}

export interface LoadedTemplate {
  readonly Resources: Resources;
  readonly functions: readonly LoadedFunction[];
}

/**
 * The stack as `serverless package` makes it of this configuration, without the framework: in
 * milliseconds, and nothing is written.
 */
export async function loadTemplate({
  root,
  configuration,
  stage = "dev",
}: TemplateOptions): Promise<LoadedTemplate> {
  const document = await readService(root, { stage, region: configuration.registry.region });
  const { service, provider, functions, resources } = document;
  const derived = deriveStack(
    { name: service, stage, functions, resources: resources.Resources },
    configuration,
  );
  return {
    Resources: {
      ...derived.resources,
      ...functionUrls(functions),
      ...eventInvokeConfigs(functions),
    },
    functions: Object.entries(functions).map(([key, definition]) =>
      loadedFunction(key, definition, { provider, derived }),
    ),
  };
}

interface FunctionInYaml extends FunctionDefinition {
  readonly timeout?: number;
  readonly memorySize?: number;
  readonly url?: unknown;
  readonly destinations?: { readonly onFailure: { readonly arn: unknown } };
  readonly maximumRetryAttempts?: number;
  readonly maximumEventAge?: number;
}

interface Provider {
  readonly timeout: number;
  readonly memorySize: number;
  readonly environment: Readonly<Record<string, unknown>>;
}

interface ServiceInYaml {
  readonly service: string;
  readonly provider: Provider;
  readonly functions: Readonly<Record<string, FunctionInYaml>>;
  readonly resources: { readonly Resources: Resources };
}

/**
 * The one place where serverless.yml gets its type: the framework checks it against its own schema
 * when it packages.
 */
async function readService(
  root: string,
  { stage, region }: { readonly stage: string; readonly region: string },
): Promise<ServiceInYaml> {
  const [text, definition] = await Promise.all([
    readFile(join(root, "serverless.yml"), "utf8"),
    readFile(join(root, "statemachines/promotion.asl.yml"), "utf8"),
  ]);
  const document: unknown = parse(text, { merge: true, maxAliasCount: -1 });
  const files: Readonly<Record<string, () => unknown>> = {
    "promoter.yml:registry.region": () => region,
    "statemachines/promotion.asl.yml:": () => parse(definition, { maxAliasCount: -1 }),
  };
  const given: Readonly<Record<string, string>> = { stage, region };
  return resolveVariables(document, {
    self: (address) => at(document, address),
    sls: (address) => given[address],
    opt: (address) => given[address],
    file: (address) => files[address]?.(),
  }) as ServiceInYaml;
}

function at(document: unknown, address: string): unknown {
  return valueAt(document, ...address.split("."));
}

function loadedFunction(
  key: string,
  definition: FunctionInYaml,
  { provider, derived }: { readonly provider: Provider; readonly derived: DerivedStack },
): LoadedFunction {
  const settings = derived.functions[key];
  if (!settings) throw new Error(`nothing was derived for the function ${key}`);
  const { handler, timeout = provider.timeout, memorySize = provider.memorySize } = definition;
  return {
    key,
    handler,
    timeout,
    memorySize,
    name: settings.name,
    role: settings.role,
    environment: { ...provider.environment, ...settings.environment },
  };
}

/** As the framework makes them of `url`. */
function functionUrls(functions: ServiceInYaml["functions"]): Resources {
  const withUrl = Object.entries(functions).filter(([, { url }]) => url !== undefined);
  return Object.fromEntries(
    withUrl.map(([key]): readonly [string, Resource] => [
      `${functionId(key)}Url`,
      {
        Type: "AWS::Lambda::Url",
        Properties: {
          AuthType: "NONE",
          TargetFunctionArn: { "Fn::GetAtt": [functionId(key), "Arn"] },
        },
      },
    ]),
  );
}

/** As the framework makes them of `destinations`, `maximumRetryAttempts` and `maximumEventAge`. */
function eventInvokeConfigs(functions: ServiceInYaml["functions"]): Resources {
  const configured = Object.entries(functions).filter(
    ([, one]) => "destinations" in one || "maximumRetryAttempts" in one || "maximumEventAge" in one,
  );
  return Object.fromEntries(
    configured.map(([key, definition]) => [
      `${pascalCase(key)}LambdaEvConf`,
      eventInvokeConfig(key, definition),
    ]),
  );
}

function eventInvokeConfig(
  key: string,
  { destinations, maximumRetryAttempts, maximumEventAge }: FunctionInYaml,
): Resource {
  return {
    Type: "AWS::Lambda::EventInvokeConfig",
    Properties: {
      FunctionName: { Ref: functionId(key) },
      Qualifier: "$LATEST",
      DestinationConfig: destinations
        ? { OnFailure: { Destination: destinations.onFailure.arn } }
        : {},
      ...(maximumRetryAttempts !== undefined && { MaximumRetryAttempts: maximumRetryAttempts }),
      ...(maximumEventAge !== undefined && { MaximumEventAgeInSeconds: maximumEventAge }),
    },
  };
}
