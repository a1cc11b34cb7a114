import { randomBytes } from "node:crypto";
import { basename } from "node:path";
import { iamArn } from "./aws/resource-arn.ts";
import type { LocalCloudOptions } from "./cloud-options.ts";
import type { Configuration } from "./configuration.ts";
import { createClusters } from "./create-clusters.ts";
import { createWorkspace } from "./create-workspace.ts";
import { createDynamodb } from "./dynamodb/create-dynamodb.ts";
import { createEcr, type Ecr, type EcrOptions } from "./ecr/ecr.ts";
import { createEks } from "./eks/eks.ts";
import { createEventBridge, type EventBridge } from "./eventbridge/eventbridge.ts";
import { createCallFaults, type CallFaults } from "./faults/call-faults.ts";
import { createFaultInjection } from "./faults/fault-injection.ts";
import { createInvocationFaults, type InvocationFaults } from "./faults/invocation-faults.ts";
import { createFrontPage } from "./front-page.ts";
import { isAllowed } from "./iam/policy.ts";
import { createIdentity } from "./identity.ts";
import type { Kubernetes } from "./kubernetes/create-kubernetes.ts";
import type { Deployed } from "./lambda/deploy-functions.ts";
import { createLambda, functionUrlPath, type Lambda, type LambdaOptions } from "./lambda/lambda.ts";
import { logInToEcr, type RegistryLogin } from "./real-parts/real-ecr.ts";
import { slackSecret } from "./real-parts/real-parts.ts";
import { createSecretsManager } from "./secrets-manager/secrets-manager.ts";
import type { CloudContext, Service } from "./service.ts";
import type { Slack } from "./slack/create-slack.ts";
import { createQueues, type Queues } from "./sqs/sqs.ts";
import { createStepFunctions, type StepFunctions } from "./step-functions/step-functions.ts";
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
  const {
    cloud: { configuration, repositories, scanning, people = [], real = {} },
    stack,
    deployed: { callerOf },
    registryCredentials,
  } = options;
  const events = createEventServices(context, options);
  const ecr = createEcr(context, {
    repositories: repositories ?? repositoriesOf(configuration),
    credentials: registryCredentials,
    ...(scanning ? { scanning } : {}),
  });
  const secret = {
    botToken: `xoxb-local-${randomBytes(12).toString("hex")}`,
    signingSecret: randomBytes(16).toString("hex"),
  };
  const slack = createWorkspace(context, {
    ...secret,
    configuration,
    people,
    interactivityUrl: () => `${context.origin()}${functionUrlPath(stack.functionUrls[0] ?? "")}`,
  });
  const clusters = createClusters(context, {
    configuration,
    ecr,
    callerOf,
    logIn: () => logIn(context, options),
  });
  const callFaults = createCallFaults();
  const callable = (): readonly string[] =>
    all.flatMap(({ name, prefixes = [], isFront = false }) =>
      isFront || prefixes.some(({ prefix }) => prefix.startsWith("/_local/")) ? [] : [name],
    );
  const functions = stack.functions.map(({ handler }) => basename(handler, ".handler"));
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
      services: callable,
      functions,
      namespaces: namespacesOf(configuration),
    }),
    createIdentity(),
    await createDynamodb(context, { tables: stack.tables.map((name) => ({ name })) }),
    createSecretsManager(context, {
      secrets: stack.secrets.map((one) => ({
        ...one,
        value: JSON.stringify(slackSecret(real) ?? secret),
      })),
    }),
    createSts(context, { callerOf: (key) => identityOf(callerOf(key).role, { context, key }) }),
    createEks(context, {
      clusters: [...clusters.keys()].map((name) => ({
        name,
        endpoint: () => `${context.origin()}/_kubernetes/${name}`,
        certificateAuthority: "",
      })),
    }),
    createFrontPage(context, {
      configuration,
      real,
      clusters: [...clusters.keys()],
      stateMachineArn: stack.stateMachines[0]?.arn ?? "",
    }),
  ];
  return { ...events, ecr, slack, clusters, callFaults, all };
}

export interface EventServices {
  readonly lambda: Lambda;
  readonly stepFunctions: StepFunctions;
  readonly eventbridge: EventBridge;
  readonly queues: Queues;
  /** What invocations by the state machine suffer. */
  readonly invocations: InvocationFaults;
}

/** The functions, what invokes them, and where events go that nobody could handle. */
function createEventServices(
  context: CloudContext,
  { cloud, stack, deployed }: ServicesOptions,
): EventServices {
  const random = cloud.random ? { random: cloud.random } : {};
  const queues = createQueues(context, { queues: stack.queues });
  const lambda = createLambda({
    functions: deployed.functions,
    urls: stack.functionUrls,
    clock: context.clock,
    track: (work) => context.track(work),
    sendRecord: sendRecord({ stack, queues, log: cloud.log ?? (() => undefined) }),
  });
  const invocations = createInvocationFaults(({ functionName, payload, timeLimit }) =>
    lambda.invoke(functionName, payload, timeLimit),
  );
  const stepFunctions = createStepFunctions(context, {
    stateMachines: stack.stateMachines,
    invoke: invocations.invoke,
    ...random,
  });
  const eventbridge = createEventBridge(context, {
    rules: stack.rules,
    deadLetter: (arn, { body, attributes }) => queues.controls.put(arn, body, attributes),
    ...random,
    deliver: ({ arn }, payload) =>
      Promise.resolve(lambda.accept(arn, JSON.parse(payload)) ? { kind: "ok" } : missing(arn)),
  });
  return { lambda, stepFunctions, eventbridge, queues, invocations };
}

interface Records {
  readonly stack: Stack;
  readonly queues: Queues;
  readonly log: NonNullable<LocalCloudOptions["log"]>;
}

/**
 * "To send events to a destination, your function needs additional permissions" (Lambda developer
 * guide, "invocation-async"): Lambda writes with the function's role.
 */
function sendRecord({ stack, queues, log }: Records): LambdaOptions["sendRecord"] {
  return ({ name, roleArn }, queue, record) => {
    const request = { action: "sqs:SendMessage", resources: [queue], conditions: {} };
    if (isAllowed(stack.statements.get(roleArn) ?? [], request)) {
      queues.controls.put(queue, record, {});
    } else {
      log({
        level: "error",
        function: name,
        message: `an event is lost: ${roleArn} does not allow sqs:SendMessage on ${queue}`,
      });
    }
  };
}

/**
 * "if a target resource that no longer exists, no retry attempts will happen" (EventBridge user
 * guide, "rule-dlq").
 */
function missing(arn: string): {
  readonly kind: "error";
  readonly retriable: false;
  readonly code: string;
  readonly message: string;
} {
  return {
    kind: "error",
    retriable: false,
    code: "ResourceNotFoundException",
    message: `Function not found: ${arn}`,
  };
}

function repositoriesOf({ applications }: Configuration): EcrOptions["repositories"] {
  return Object.values(applications).flatMap(({ repositories }) =>
    repositories.map((name) => ({ name })),
  );
}

function namespacesOf({ applications }: Configuration): readonly string[] {
  return [
    ...new Set(
      Object.values(applications).flatMap(({ environments }) =>
        Object.values(environments).map(({ podSpec }) => podSpec.namespace),
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
