import { randomBytes } from "node:crypto";
import { basename } from "node:path";
import { iamArn } from "./aws/resource-arn.ts";
import type { LocalCloudOptions } from "./cloud-options.ts";
import type { Configuration } from "./configuration.ts";
import { createClusters } from "./create-clusters.ts";
import { type EventServices, createEventServices } from "./create-event-services.ts";
import { createWorkspace } from "./create-workspace.ts";
import { createDynamodb } from "./dynamodb/create-dynamodb.ts";
import { createEcr, type Ecr, type EcrOptions } from "./ecr/ecr.ts";
import { createEks } from "./eks/eks.ts";
import { createCallFaults, type CallFaults } from "./faults/call-faults.ts";
import { createFaultInjection } from "./faults/fault-injection.ts";
import { createFrontPage } from "./front-page.ts";
import { createIdentity } from "./identity.ts";
import type { Kubernetes } from "./kubernetes/create-kubernetes.ts";
import type { Deployed } from "./lambda/deploy-functions.ts";
import { functionUrlPath } from "./lambda/lambda.ts";
import { logInToEcr, type RegistryLogin } from "./real-parts/real-ecr.ts";
import { slackSecret } from "./real-parts/real-parts.ts";
import { createSecretsManager } from "./secrets-manager/secrets-manager.ts";
import type { CloudContext, Service } from "./service.ts";
import type { Slack } from "./slack/create-slack.ts";
import { createSts } from "./sts/sts.ts";
import type { Stack } from "./template/read-stack.ts";

export interface ServicesOptions {
  readonly cloud: LocalCloudOptions;
  readonly stack: Stack;
  readonly deployed: Deployed;
  readonly registryCredentials: RegistryLogin["credentials"];
}

export interface Services extends EventServices {
  readonly ecr: Ecr;
  readonly slack: Slack;
  readonly clusters: ReadonlyMap<string, Kubernetes>;
  /** What calls of functions suffer. */
  readonly callFaults: CallFaults;
  /** These and all others. */
  readonly all: readonly Service[];
}

/**
 * Every simulated service, as promoter.yml and the template want it. To simulate one more, add it
 * to the list.
 */
export async function createServices(
  context: CloudContext,
  options: ServicesOptions,
): Promise<Services> {
  const { cloud, stack, deployed, registryCredentials } = options;
  const { configuration, repositories, scanning, people = [], real = {} } = cloud;
  const events = createEventServices(context, options);
  const ecr = createEcr(context, {
    repositories: repositories ?? repositoriesOf(configuration),
    credentials: registryCredentials,
    ...(scanning ? { scanning } : {}),
  });
  const secret = newSlackSecret();
  const slack = createWorkspace(context, {
    ...secret,
    configuration,
    people,
    interactivityUrl: () => `${context.origin()}${functionUrlPath(stack.functionUrls[0] ?? "")}`,
  });
  const clusters = createClusters(context, {
    configuration,
    ecr,
    callerOf: deployed.callerOf,
    logIn: () => logIn(context, options),
  });
  const callFaults = createCallFaults();
  const all: readonly Service[] = [
    ecr,
    events.eventbridge,
    events.stepFunctions,
    events.lambda,
    events.queues,
    slack,
    ...clusters.values(),
    createFaultInjection({
      ecr,
      clusters,
      callFaults,
      invocations: events.invocations,
      services: () => callable(all),
      functions: stack.functions.map(({ handler }) => basename(handler, ".handler")),
      namespaces: namespacesOf(configuration),
    }),
    ...(await createStores(context, stack, JSON.stringify(slackSecret(real) ?? secret))),
    ...createDirectories(context, options, [...clusters.keys()]),
  ];
  return { ...events, ecr, slack, clusters, callFaults, all };
}

function newSlackSecret(): { readonly botToken: string; readonly signingSecret: string } {
  return {
    botToken: `xoxb-local-${randomBytes(12).toString("hex")}`,
    signingSecret: randomBytes(16).toString("hex"),
  };
}

/** Names of the services that functions call. */
function callable(services: readonly Service[]): readonly string[] {
  return services.flatMap(({ name, prefixes = [], isFront = false }) =>
    isFront || prefixes.some(({ prefix }) => prefix.startsWith("/_local/")) ? [] : [name],
  );
}

/** What functions keep, and what is kept for them. */
async function createStores(
  context: CloudContext,
  { tables, secrets }: Stack,
  secret: string,
): Promise<readonly Service[]> {
  return [
    await createDynamodb(context, { tables: tables.map((name) => ({ name })) }),
    createSecretsManager(context, { secrets: secrets.map((one) => ({ ...one, value: secret })) }),
  ];
}

/** What tells functions and people who they are, and what is here. */
function createDirectories(
  context: CloudContext,
  { cloud: { configuration, real = {} }, stack, deployed: { callerOf } }: ServicesOptions,
  clusters: readonly string[],
): readonly Service[] {
  return [
    createIdentity(),
    createSts(context, { callerOf: (key) => identityOf(callerOf(key).role, { context, key }) }),
    createEks(context, {
      clusters: clusters.map((name) => ({
        name,
        endpoint: () => `${context.origin()}/_kubernetes/${name}`,
        certificateAuthority: "",
      })),
    }),
    createFrontPage(context, {
      configuration,
      real,
      clusters,
      stateMachineArn: stack.stateMachines[0]?.arn ?? "",
    }),
  ];
}

function repositoriesOf({ applications }: Configuration): EcrOptions["repositories"] {
  const names = Object.values(applications).flatMap(({ members }) =>
    members.map(({ repository }) => repository),
  );
  return [...new Set(names)].map((name) => ({ name }));
}

function namespacesOf({ applications }: Configuration): readonly string[] {
  return [
    ...new Set(
      Object.values(applications).flatMap(({ environments }) =>
        Object.values(environments).flatMap(({ podSpec }) => podSpec?.namespace ?? []),
      ),
    ),
  ];
}

async function logIn(
  context: CloudContext,
  { cloud: { real = {} }, registryCredentials }: ServicesOptions,
): Promise<RegistryLogin> {
  return real.ecr
    ? logInToEcr({ ecr: real.ecr, region: context.region, clock: context.clock })
    : { origin: context.origin(), credentials: registryCredentials };
}

/** A key that is no function's is that of a person on this machine. */
function identityOf(
  role: string | undefined,
  { context, key }: { readonly context: CloudContext; readonly key: string },
): { arn: string; userId: string } {
  return role === undefined
    ? { arn: iamArn(context, `user/${key}`), userId: key }
    : {
        arn: role.replace(":iam:", ":sts:").replace(":role/", ":assumed-role/") + "/local",
        userId: key,
      };
}
