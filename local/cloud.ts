import { randomBytes } from "node:crypto";
import { createActivity, type Activity } from "./activity.ts";
import { isVirtual, realClock, type Clock } from "./clock.ts";
import { closeAll, closing } from "./close-all.ts";
import type { LocalCloudOptions } from "./cloud-options.ts";
import { createServices, type Services } from "./create-services.ts";
import type { Ecr } from "./ecr/ecr.ts";
import type { EventBridge } from "./eventbridge/eventbridge.ts";
import { startGateway, type Intercept } from "./gateway.ts";
import type { Kubernetes } from "./kubernetes/create-kubernetes.ts";
import { deployFunctions, type Deployed } from "./lambda/deploy-functions.ts";
import type { Lambda } from "./lambda/lambda.ts";
import { openCallbackDoor, type CallbackDoor } from "./real-parts/callback-door.ts";
import type { RegistryLogin } from "./real-parts/real-ecr.ts";
import { realPartsOf, type RealPart } from "./real-parts/real-parts.ts";
import { fromThisMachine, replaceServices } from "./real-parts/replace-services.ts";
import { createCallBook, type CallBook } from "./record.ts";
import type { CloudContext } from "./service.ts";
import { settle } from "./settle.ts";
import type { Slack } from "./slack/create-slack.ts";
import type { Queues } from "./sqs/sqs.ts";
import type { StepFunctions } from "./step-functions/step-functions.ts";
import { readStack, type Stack } from "./template/read-stack.ts";
import { createTurns } from "./turns.ts";
import { workingClock } from "./working-clock.ts";

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
  readonly queues: Queues;
  /** Credentials of the registry's distribution API. */
  readonly registryCredentials: RegistryLogin["credentials"];
  /** What a client needs in its environment to work against this cloud. */
  readonly environment: Readonly<Record<string, string>>;
  /** Where a real Slack gets in. */
  readonly callbackDoor: CallbackDoor | undefined;
  /**
   * Lets everything under way come to rest; a virtual clock is moved on until `done` holds or
   * nothing is left to wait for.
   */
  settle(done?: () => boolean | Promise<boolean>): Promise<void>;
  close(): Promise<void>;
}

/**
 * The whole product in one process on loopback: unchanged functions, unchanged state machine,
 * unchanged clients, simulated services.
 */
export async function createLocalCloud(options: LocalCloudOptions): Promise<LocalCloud> {
  const { configuration, real = {} } = options;
  const parts = realPartsOf(configuration, real);
  const { clock, stop } = clockFor(options, parts);
  const setup = await setUp(options, clock);
  const { simulated, activity, stack, registryCredentials } = setup;
  const { region } = configuration.registry;
  const services = replaceServices(simulated.all, { real, parts, region, clock });
  const { calls, intercept } = recordCalls(setup, clock);
  const gateway = await startGateway({
    services: () => services,
    callerOf: setup.deployed.callerOf,
    port: options.port ?? 0,
    intercept: parts.length > 0 ? fromThisMachine(intercept) : intercept,
  }).catch(closing(services));
  setup.listenAt(gateway.origin);
  const callbackDoor =
    real.slack &&
    (await openCallbackDoor({
      lambda: simulated.lambda,
      callback: stack.functionUrls[0] ?? "",
      port: real.slack.callbackPort,
      intercept,
    }).catch(closing([gateway, ...services])));
  const { ecr, eventbridge, stepFunctions, lambda, slack, clusters, queues } = simulated;
  return {
    origin: gateway.origin,
    clock,
    stack,
    ecr,
    eventbridge,
    stepFunctions,
    lambda,
    slack,
    clusters,
    calls,
    queues,
    registryCredentials,
    environment: setup.environment(),
    callbackDoor,
    settle: (done) => settle({ activity, clock }, done),
    async close() {
      await callbackDoor?.close();
      await closeAll([gateway, ...services]);
      stop();
    },
  };
}

/** Time stands still with this process, unless something outside it goes on. */
function clockFor(
  { clock, packaged }: LocalCloudOptions,
  parts: readonly RealPart[],
): { readonly clock: Clock; readonly stop: () => void } {
  const isApart = packaged !== undefined || parts.length > 0;
  if (packaged !== undefined && clock && isVirtual(clock)) {
    throw new Error(
      "a virtual clock does not reach packaged functions: use the real clock or the functions' sources",
    );
  }
  if (clock || isApart) return { clock: clock ?? realClock, stop: () => undefined };
  const working = workingClock();
  return { clock: working, stop: () => working.stop() };
}

interface Setup {
  readonly activity: Activity;
  readonly stack: Stack;
  readonly deployed: Deployed;
  readonly simulated: Services;
  readonly registryCredentials: RegistryLogin["credentials"];
  /** What a client needs in its environment, once the address is known. */
  readonly environment: () => Record<string, string>;
  /** The address is known once the gateway listens. */
  readonly listenAt: (origin: string) => void;
}

/** Everything behind the gateway. */
async function setUp(options: LocalCloudOptions, clock: Clock): Promise<Setup> {
  const { configuration, template, real = {} } = options;
  const { account, region } = configuration.registry;
  const activity = createActivity();
  const stack = readStack(template, { account, region });
  let origin = "";
  let simulated: Services | undefined;
  const context: CloudContext = {
    account,
    region,
    clock,
    origin: () => origin,
    track: (work) => activity.track(work),
    emit: (event) => void simulated?.eventbridge.emit(event),
  };
  const environment = (): Record<string, string> =>
    clientEnvironment({ origin, region, hooks: real.slack?.hooks ?? `${origin}/_slack/` });
  const deployed = deployFunctions({ stack, options, environment, clock });
  const registryCredentials = { user: "AWS", password: randomBytes(12).toString("hex") };
  simulated = await createServices(context, {
    cloud: options,
    stack,
    deployed,
    registryCredentials,
  });
  const listenAt = (address: string): void => {
    origin = address;
  };
  return { activity, stack, deployed, simulated, registryCredentials, environment, listenAt };
}

/** Every call of a service passes here. */
function recordCalls(
  { activity, stack, deployed, simulated }: Setup,
  clock: Clock,
): { readonly calls: CallBook; readonly intercept: Intercept } {
  const calls = createCallBook({
    clock,
    statementsOf: (role) => stack.statements.get(role),
    kill: deployed.kill,
    isDead: deployed.isDead,
  });
  calls.setFaults(simulated.callFaults.faultOf);
  const inTurn = outsideInTurn();
  return {
    calls,
    intercept: (call, next) => activity.track(inTurn(call, () => calls.intercept(call, next))),
  };
}

/**
 * Requests from outside wait for each other, so that a burst of pushes does not stand between a
 * function and the answer that it waits for. Who invokes a function waits there.
 */
function outsideInTurn(): <Result>(
  call: Parameters<Intercept>[0],
  work: () => Promise<Result>,
) => Promise<Result> {
  const turns = createTurns(maxFromOutside);
  return ({ service, request }, work) =>
    request.caller.functionName === undefined && service.name !== "lambda"
      ? turns.take(work)
      : work();
}

const maxFromOutside = 16;

function clientEnvironment({
  origin,
  region,
  hooks,
}: {
  readonly origin: string;
  readonly region: string;
  readonly hooks: string;
}): Record<string, string> {
  return {
    AWS_REGION: region,
    AWS_DEFAULT_REGION: region,
    AWS_ENDPOINT_URL: origin,
    AWS_EC2_METADATA_DISABLED: "true",
    PROMOTER_SLACK_API: `${origin}/_slack/api`,
    PROMOTER_SLACK_HOOKS: hooks,
  };
}
