import { randomBytes } from "node:crypto";
import type { Configuration } from "../src/domain/configuration.ts";
import type { KubernetesObject } from "../src/domain/pod-spec/object.ts";
import { createActivity } from "./activity.ts";
import { realClock, type Clock, type VirtualClock } from "./clock.ts";
import { createDynamodb } from "./dynamodb/create-dynamodb.ts";
import { createEcr, type Ecr, type EcrOptions } from "./ecr/ecr.ts";
import { createEks } from "./eks/eks.ts";
import { createEventBridge, type EventBridge } from "./eventbridge/eventbridge.ts";
import { startGateway, type Intercept } from "./gateway.ts";
import { createKubernetes, type Kubernetes } from "./kubernetes/create-kubernetes.ts";
import { isAllowed } from "./iam/policy.ts";
import { kubernetesIdentity } from "./kubernetes-identity.ts";
import { deployFunctions } from "./lambda/deploy-functions.ts";
import { createLambda, functionUrlPath, type Lambda, type LambdaOptions } from "./lambda/lambda.ts";
import { createIdentity } from "./identity.ts";
import { createInspector2 } from "./inspector2/inspector2.ts";
import { createMishaps } from "./mishaps/mishaps.ts";
import { pullImage } from "./pull-image.ts";
import { openCallbackDoor, type CallbackDoor } from "./real-parts/callback-door.ts";
import { logInToEcr, type RegistryLogin } from "./real-parts/real-ecr.ts";
import { realPartsOf, slackSecret, type RealParts } from "./real-parts/real-parts.ts";
import { fromThisMachine, replaceServices } from "./real-parts/replace-services.ts";
import { createCallBook, type CallBook } from "./record.ts";
import { createSecretsManager } from "./secrets-manager/secrets-manager.ts";
import type { CloudContext } from "./service.ts";
import { createSlack, type Slack } from "./slack/create-slack.ts";
import { createQueues } from "./sqs/sqs.ts";
import { createStepFunctions, type StepFunctions } from "./step-functions/step-functions.ts";
import { createSts } from "./sts/sts.ts";
import { readStack, type Stack } from "./template/read-stack.ts";
import type { Template } from "./template/resolve-template.ts";

export interface LocalCloudOptions {
  readonly configuration: Configuration;
  /** `application/environment` to its objects. */
  readonly podSpecs: Readonly<Record<string, readonly KubernetesObject[]>>;
  /** The resolved stack of serverless.yml. */
  readonly template: Template;
  /** Folder of serverless.yml: the handlers lie below it. */
  readonly root: string;
  /**
   * Folder of the packaged functions: `<key>/index.mjs` with its `promoter.json`. Given, these run, each sandbox a process, instead of the
   * sources in this process. They know no other time than the real one.
   */
  readonly packaged?: string;
  readonly clock?: Clock;
  readonly port?: number;
  readonly random?: () => number;
  readonly repositories?: EcrOptions["repositories"];
  readonly scanning?: EcrOptions["scanning"];
  /** Records of the functions' logs. */
  readonly log?: (record: Readonly<Record<string, unknown>>) => void;
  /** People of the local Slack besides the approvers. */
  readonly people?: readonly { readonly id: string; readonly name: string }[];
  /** Parts of the user's own in place of simulated ones. */
  readonly real?: RealParts;
}

export interface LocalCloud {
  readonly origin: string;
  readonly clock: Clock;
  readonly stack: Stack;
  readonly ecr: Ecr;
  readonly eventbridge: EventBridge;
  readonly stepFunctions: StepFunctions;
  readonly lambda: Lambda;
  readonly slack: Slack;
  readonly clusters: ReadonlyMap<string, Kubernetes>;
  readonly calls: CallBook;
  readonly queues: ReturnType<typeof createQueues>;
  /** Credentials of the registry's distribution API. */
  readonly registryCredentials: { readonly user: string; readonly password: string };
  /** What a client needs in its environment to work against this cloud. */
  readonly environment: Readonly<Record<string, string>>;
  /** Where a real Slack gets in. */
  readonly callbackDoor: CallbackDoor | undefined;
  /** Lets everything under way come to rest; a virtual clock is moved on until `done` holds or nothing is left to wait for. */
  settle(done?: () => boolean | Promise<boolean>): Promise<void>;
  close(): Promise<void>;
}

/** The whole product in one process on loopback: unchanged functions, unchanged state machine, unchanged clients, simulated services. */
export async function createLocalCloud(options: LocalCloudOptions): Promise<LocalCloud> {
  const { configuration, template, clock = realClock, real = {} } = options;
  const { account, region } = configuration.registry;
  if (options.packaged !== undefined && isVirtual(clock)) throw new Error("packaged functions run as processes, which no virtual clock reaches: use the real clock, or the functions' sources");
  const activity = createActivity();
  const stack = readStack(template, { account, region });
  let origin = "";
  let eventbridge: EventBridge | undefined;
  const context: CloudContext = {
    account, region, clock, origin: () => origin, track: (work) => activity.track(work), emit: (event) => void eventbridge?.emit(event),
  };
  const secret = { botToken: `xoxb-local-${randomBytes(12).toString("hex")}`, signingSecret: randomBytes(16).toString("hex") };
  const registryCredentials = { user: "AWS", password: randomBytes(12).toString("hex") };
  const logIn = async (): Promise<RegistryLogin> => (real.ecr ? logInToEcr({ ecr: real.ecr, region, clock }) : { origin, credentials: registryCredentials });
  const world = { context, stack, configuration, secret, logIn };

  const environment = (): Record<string, string> => clientEnvironment({ origin, region, hooks: real.slack?.hooks ?? `${origin}/_slack/` });
  const deployed = deployFunctions({ stack, options, environment, clock });
  const queues = createQueues(context, { queues: stack.queues });
  const lambda = createLambda({
    functions: deployed.functions, urls: stack.functionUrls, clock, track: (work) => activity.track(work),
    sendRecord: sendRecord({ stack, queues, log: options.log ?? (() => undefined) }),
  });
  const stepFunctions = createStepFunctions(context, {
    stateMachines: stack.stateMachines, invoke: ({ functionName, payload }) => lambda.invoke(functionName, payload), ...(options.random ? { random: options.random } : {}),
  });
  eventbridge = createEventBridge(context, {
    rules: stack.rules, deadLetter: (arn, { body, attributes }) => queues.controls.put(arn, body, attributes), ...(options.random ? { random: options.random } : {}),
    deliver: ({ arn }, payload) => Promise.resolve(lambda.accept(arn, JSON.parse(payload)) ? { kind: "ok" } : missing(arn)),
  });
  const ecr = createEcr(context, {
    repositories: options.repositories ?? repositoriesOf(configuration), credentials: registryCredentials, ...(options.scanning ? { scanning: options.scanning } : {}),
  });
  const slack = createLocalSlack(world, { people: options.people ?? [], callback: stack.functionUrls[0] ?? "" });
  const clusters = createClusters(world, deployed.callerOf);
  const parts = realPartsOf(configuration, real);
  const services = replaceServices([
    ecr, eventbridge, stepFunctions, lambda, queues, slack, ...clusters.values(),
    createInspector2(context, ecr.scanner), createMishaps({ ecr, clusters }), createIdentity(), await createDynamodb(context, { tables: stack.tables.map((name) => ({ name })) }),
    createSecretsManager(context, { secrets: stack.secrets.map((one) => ({ ...one, value: JSON.stringify(slackSecret(real) ?? secret) })) }),
    createSts(context, { callerOf: (key) => identityOf(deployed.callerOf(key).role, { account, key }) }),
    createEks(context, { clusters: [...clusters.keys()].map((name) => ({ name, endpoint: () => `${origin}/_kubernetes/${name}`, certificateAuthority: "" })) }),
  ], { real, parts, region, clock });
  const calls = createCallBook({ clock, statementsOf: (role) => stack.statements.get(role), kill: deployed.kill, isDead: deployed.isDead });
  const intercept: Intercept = (call, next) => activity.track(calls.intercept(call, next));
  const gateway = await startGateway({
    services: () => services, callerOf: deployed.callerOf, port: options.port ?? 0, intercept: parts.length > 0 ? fromThisMachine(intercept) : intercept,
  }).catch(closing(services));
  origin = gateway.origin;
  const callbackDoor = real.slack && await openCallbackDoor({ lambda, callback: stack.functionUrls[0] ?? "", port: real.slack.callbackPort, intercept }).catch(closing([gateway, ...services]));
  return {
    origin, clock, stack, ecr, eventbridge, stepFunctions, lambda, slack, clusters, calls, queues, registryCredentials, environment: environment(), callbackDoor,
    settle: (done) => settle({ activity, clock }, done),
    async close() {
      await callbackDoor?.close();
      await closeAll([gateway, ...services]);
    },
  };
}

interface Closable {
  close(): Promise<void>;
}

async function closeAll(parts: readonly Closable[]): Promise<void> {
  for (const part of parts) await part.close();
}

/** What could not start leaves nothing behind that would keep the process alive. */
function closing(parts: readonly Closable[]): (error: unknown) => Promise<never> {
  return async (error) => {
    await closeAll(parts);
    throw error;
  };
}

interface CloudWorld {
  readonly context: CloudContext;
  readonly configuration: Configuration;
  readonly secret: { readonly botToken: string; readonly signingSecret: string };
  /** As a node logs in to pull. */
  readonly logIn: () => Promise<RegistryLogin>;
}

function repositoriesOf({ applications }: Configuration): EcrOptions["repositories"] {
  return Object.values(applications).flatMap(({ repositories }) => repositories.map((name) => ({ name })));
}

/** Every approver is a person of the local Slack, every channel of promoter.yml one of its channels. */
function createLocalSlack({ context, configuration, secret }: CloudWorld, { people, callback }: { readonly people: readonly { readonly id: string; readonly name: string }[]; readonly callback: string }): Slack {
  const policies = Object.values(configuration.applications).flatMap(({ environments }) => Object.values(environments).flatMap(({ approval }) => approval ?? []));
  const approvers = [...new Set(policies.flatMap((policy) => policy.approvers))].map((id) => ({ id, name: id }));
  const channels = [...new Set(policies.map(({ channel }) => channel.replace(/^#/, "")))];
  return createSlack(context, {
    ...secret, interactivityUrl: () => `${context.origin()}${functionUrlPath(callback)}`, users: [...approvers, ...people],
    channels: channels.map((name, index) => ({ id: `C${String(index + 1).padStart(8, "0")}`, name })),
  });
}

function createClusters({ context, configuration, logIn }: CloudWorld, callerOf: (key: string | undefined) => { readonly role: string | undefined; readonly functionName: string | undefined }): ReadonlyMap<string, Kubernetes> {
  const names = Object.values(configuration.clusters).flatMap((address) => (address.kind === "eks" ? [address.name] : []));
  return new Map(names.map((cluster) => [cluster, createKubernetes(context, {
    cluster,
    pullImage: (reference, platform) => context.track(logIn().then((login) => pullImage({ ...login, reference, platform }))),
    authenticate: (token) => kubernetesIdentity(token, { cluster, callerOf }),
  })]));
}

/** A key that is no function's is that of a person on this machine. */
function identityOf(role: string | undefined, { account, key }: { readonly account: string; readonly key: string }): { arn: string; userId: string } {
  return role === undefined ? { arn: `arn:aws:iam::${account}:user/${key}`, userId: key } : { arn: role.replace(":iam:", ":sts:").replace(":role/", ":assumed-role/") + "/local", userId: key };
}

function clientEnvironment({ origin, region, hooks }: { readonly origin: string; readonly region: string; readonly hooks: string }): Record<string, string> {
  return {
    AWS_REGION: region, AWS_DEFAULT_REGION: region, AWS_ENDPOINT_URL: origin, AWS_EC2_METADATA_DISABLED: "true",
    PROMOTER_SLACK_API: `${origin}/_slack/api`, PROMOTER_SLACK_HOOKS: hooks,
  };
}

/** "if a target resource that no longer exists, no retry attempts will happen" (EventBridge user guide, "rule-dlq"). */
function missing(arn: string): { readonly kind: "error"; readonly retriable: false; readonly code: string; readonly message: string } {
  return { kind: "error", retriable: false, code: "ResourceNotFoundException", message: `Function not found: ${arn}` };
}

interface Records {
  readonly stack: Stack;
  readonly queues: ReturnType<typeof createQueues>;
  readonly log: NonNullable<LocalCloudOptions["log"]>;
}

/** "To send events to a destination, your function needs additional permissions" (Lambda developer guide, "invocation-async"): Lambda writes with the function's role. */
function sendRecord({ stack, queues, log }: Records): LambdaOptions["sendRecord"] {
  return ({ name, roleArn }, queue, record) => {
    const request = { action: "sqs:SendMessage", resources: [queue], conditions: {} };
    if (isAllowed(stack.statements.get(roleArn) ?? [], request)) queues.controls.put(queue, record, {});
    else log({ level: "error", function: name, message: `an event is lost: ${roleArn} does not allow sqs:SendMessage on ${queue}` });
  };
}

/** A virtual clock moves only when nothing is under way; a schedule is always armed, so somebody has to say when it is enough. */
async function settle({ activity, clock }: { readonly activity: ReturnType<typeof createActivity>; readonly clock: Clock }, done: (() => boolean | Promise<boolean>) | undefined): Promise<void> {
  await activity.idle();
  if (!done || !isVirtual(clock)) return;
  while (!(await done())) {
    const next = clock.next();
    if (next === undefined) return;
    clock.advanceTo(next);
    await activity.idle();
  }
}

function isVirtual(clock: Clock): clock is VirtualClock {
  return "advanceTo" in clock;
}
