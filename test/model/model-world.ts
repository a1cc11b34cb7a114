import { createHash, createHmac } from "node:crypto";
import type { LambdaReply } from "@promoter/local-cloud/internal/invocation.ts";
import type { Context } from "aws-lambda";
import * as z from "zod";
import type { Mac } from "../../src/domain/hash.ts";
import type { Configurations } from "../../src/ports/configurations.ts";
import type { Ports } from "../../src/ports/ports.ts";
import { permitToSend } from "../../src/runtime/invocation.ts";
import { lambda } from "../../src/runtime/lambda.ts";
import type { World } from "../../src/runtime/world.ts";
import { fakeClusters } from "../fakes/clusters.ts";
import { fakeObjectArchives } from "../fakes/object-archives.ts";
import { fakeSchemas } from "../fakes/schemas.ts";
import { drawChances, type Chances } from "./chances.ts";
import {
  clusterNames,
  configurationOf,
  drawShape,
  firstDeployment,
  objectsOf,
  type Deployment,
} from "./deployment.ts";
import { drawsOf, type Draws } from "./draws.ts";
import { functions } from "./functions.ts";
import {
  openSandbox,
  type Effect,
  type Guest,
  type Sandbox,
  type SandboxWorld,
} from "./sandbox.ts";
import { runMachine, type RunningMachine } from "./state-machine.ts";
import { storesOn, type Stores } from "./stores.ts";
import { timelineFrom, type Timeline } from "./timeline.ts";

/** What a schedule costs goes by what happens in it; those of every day are short. */
export const lengths = {
  short: { minutes: 30, mostVersions: 3, mostExtra: 2 },
  long: { minutes: 150, mostVersions: 6, mostExtra: 4 },
} as const;
export type Length = keyof typeof lengths;

export interface ModelOptions {
  readonly seed: number;
  readonly length?: Length;
  /** Whether production may lack tags or a cluster; absent: it may. */
  readonly shapes?: boolean;
  /** Names of what does not happen. */
  readonly without?: ReadonlySet<string>;
}

export interface ModelWorld extends Recorder {
  readonly timeline: Timeline;
  readonly length: Length;
  /** After so many milliseconds nobody begins anything any more. */
  readonly lastHappening: number;
  readonly draws: Draws;
  readonly chances: Chances;
  readonly stores: Stores;
  readonly machine: RunningMachine;
  /** What guests did, in the order it took effect, is told to all of these. */
  readonly watchers: ((effect: Effect) => void)[];
  /** Told when an execution ends, with the status it ended in. */
  readonly endings: ((id: string, status: string) => void)[];
  /** What people saw that must not be. */
  readonly broken: string[];
  /** What is deployed now. */
  readonly deployment: () => Deployment;
  /** What was deployed when a guest was started. */
  readonly deploymentOf: (guest: Guest) => Deployment;
  readonly deploy: (next: Deployment) => void;
  /** Nothing of that port answers until then. */
  readonly breakDown: (port: string, until: number) => void;
  /** From now on nothing goes wrong any more. What is under way goes on as it does. */
  readonly calmDown: () => void;
  readonly isCalm: () => boolean;
  /** Calls a function, `about` a promotion; with what the caller hears, if anything. */
  readonly invoke: (step: string, input: unknown, about?: string) => Promise<LambdaReply>;
}

/** What is told of a schedule, and by which names. */
interface Recorder {
  readonly log: (line: string) => void;
  readonly lines: readonly string[];
  /**
   * Whether something drawn under this name happens: shrinking leaves things out. Asked of nothing
   * that does not happen anyway.
   */
  readonly happens: (name: string) => boolean;
  /** The names of all that did. */
  readonly drawn: () => readonly string[];
  /** A short name for a promotion, by the order in which they turned up. */
  readonly label: (id: string) => string;
  readonly ids: () => readonly string[];
}

export const start = Date.UTC(2026, 0, 5, 9);
const sha256 = (text: string): string => createHash("sha256").update(text).digest("hex");
const hmacSha256: Mac = (key, text) =>
  createHmac("sha256", Buffer.from(key, "hex")).update(text).digest("hex");

export function modelWorld({
  seed,
  length = "long",
  shapes = true,
  without = new Set(),
}: ModelOptions): ModelWorld {
  const timeline = timelineFrom(start);
  const jitter = drawsOf(seed)("jitter");
  const draws = drawsOf(seed);
  const chances = drawChances(seed, draws("themes"));
  const shape = draws("shape");
  const first = firstDeployment(draws("deployment"), chances);
  const deployments = [shapes ? { ...first, shape: drawShape(shape) } : first];
  const deploymentsOf = new WeakMap<Guest, Deployment>();
  const outages = new Map<string, number>();
  const recorder = recorderOn(timeline, without);
  let isCalm = chances.has("calm");
  const deployment = (): Deployment => deployments.at(-1) as Deployment;
  const machine = runMachine({
    clock: timeline,
    random: () => jitter.real(),
    onEnd: (id, status) => {
      for (const tell of world.endings) tell(id, status);
    },
    invoke: (step, payload) =>
      world.invoke(step, payload, (payload as { readonly promotion: string }).promotion),
  });
  const world: ModelWorld = {
    ...recorder,
    timeline,
    length,
    lastHappening: lengths[length].minutes * 60_000,
    draws,
    chances,
    stores: storesOn(timeline),
    machine,
    watchers: [],
    endings: [],
    broken: [],
    deployment,
    deploymentOf: (guest) => deploymentsOf.get(guest) ?? deployment(),
    deploy(planned) {
      const isReshaped = shapes && shape.chance(0.15);
      const next = isReshaped ? { ...planned, shape: drawShape(shape) } : planned;
      deployments.push(next);
      recorder.log(`deployed: ${JSON.stringify(next)}`);
    },
    breakDown(port, until) {
      outages.set(port, Math.max(outages.get(port) ?? 0, until));
      recorder.log(`${port} is down for ${(until - timeline.now()) / 1000}s`);
    },
    calmDown: () => void (isCalm = true),
    isCalm: () => isCalm,
    invoke: invokerOf(() => world, {
      isDown: (port) => (outages.get(port) ?? 0) > timeline.now(),
      onStart: (guest) => void deploymentsOf.set(guest, deployment()),
    }),
  };
  return world;
}

function recorderOn(timeline: Timeline, without: ReadonlySet<string>): Recorder {
  const lines: string[] = [];
  const drawn = new Set<string>();
  const ids: string[] = [];
  return {
    lines,
    log: (line) => void lines.push(`${(timeline.now() - start) / 1000}s ${line}`),
    drawn: () => [...drawn],
    happens(name) {
      if (!without.has(name)) drawn.add(name);
      return !without.has(name);
    },
    ids: () => ids,
    label(id) {
      if (!ids.includes(id)) ids.push(id);
      return `P${ids.indexOf(id) + 1}`;
    },
  };
}

interface Invoking {
  readonly isDown: (port: string) => boolean;
  readonly onStart: (guest: Guest) => void;
}

interface FunctionCall {
  readonly key: string;
  readonly step: string;
  readonly input: unknown;
  readonly about: string | undefined;
}

/** Invocations get lost, come late, or their answers do. */
function invokerOf(getWorld: () => ModelWorld, invoking: Invoking): ModelWorld["invoke"] {
  const counts = new Map<string, number>();
  return (step, input, about) => {
    const world = getWorld();
    const { draws, chances, timeline } = world;
    const name = `${about === undefined ? "" : `${world.label(about)} `}${step}`;
    counts.set(name, (counts.get(name) ?? 0) + 1);
    const called = { key: `${name} #${counts.get(name)}`, step, input, about };
    const draw = draws(called.key);
    const kind = world.isCalm() ? "none" : draw.weighted(chances.invocation(step));
    if (kind === "none" || !world.happens(called.key)) return carryOut(world, invoking, called);
    world.log(`${called.key}: ${kind}`);
    if (kind === "unheard") void carryOut(world, invoking, called);
    if (kind === "late") {
      timeline.after(draw.spread(500, 250_000), () => void carryOut(world, invoking, called));
    }
    return new Promise((resolve) => {
      // Or the caller hears nothing at all, until its own patience is over.
      if (draw.chance(0.85)) {
        timeline.after(draw.spread(...chances.patience), () =>
          resolve({
            kind: "error",
            errorType: "Lambda.SdkClientException",
            errorMessage: "no answer",
          }),
        );
      }
    });
  };
}

/** As Lambda does, with the onion that the product has around every function. */
async function carryOut(
  world: ModelWorld,
  { isDown, onStart }: Invoking,
  { key, step, input, about }: FunctionCall,
): Promise<LambdaReply> {
  const { timeline, draws } = world;
  const { timeout, work } = functions[step] ?? nothing(step);
  const guest: Guest = {
    key,
    step,
    promotion: about,
    startedAt: timeline.now(),
    deadline: timeline.now() + timeout * 1000,
  };
  onStart(guest);
  const sandbox = openSandbox(guest, {
    timeline,
    isDown,
    log: world.log,
    pace: draws(`${key} pace`),
    hold: world.chances.hold,
    faultOf: faultsOf(world),
    thawOf: thawOf(world),
    onEffect: (effect) => {
      for (const watch of world.watchers) watch(effect);
    },
  });
  const outside = worldOf(world, sandbox);
  const ports = portsOf(world, { sandbox, outside });
  const handler = lambda(
    outside,
    { name: step, schema: z.unknown(), about: () => ({}) },
    (given, running) => work({ input: given as object, ports, running }),
  );
  const context = {
    awsRequestId: key,
    getRemainingTimeInMillis: () => guest.deadline - timeline.now(),
  } as Context;
  const reply = await sandbox.run(() => handler(structuredClone(input), context));
  world.log(
    reply.kind === "error"
      ? `${key} fails: ${reply.errorType}: ${reply.errorMessage.slice(0, 200)}`
      : `${key}: ${JSON.stringify(reply.payload).slice(0, 160)}`,
  );
  return reply;
}

function nothing(step: string): never {
  throw new Error(`there is no function ${step}`);
}

function faultsOf({ draws, chances, isCalm, happens, log }: ModelWorld): SandboxWorld["faultOf"] {
  return ({ key, ...call }) => {
    if (isCalm()) return undefined;
    const draw = draws(key);
    const kind = draw.weighted(chances.call(call));
    if (kind === "none" || !happens(key)) return undefined;
    log(`${key} ${call.port}.${call.method}: ${kind}`);
    return { kind, draw };
  };
}

function thawOf({ draws }: ModelWorld): SandboxWorld["thawOf"] {
  return ({ key }) => {
    const draw = draws(`${key} thaw`);
    return draw.chance(0.35) ? undefined : draw.spread(500, 3_600_000);
  };
}

function worldOf({ timeline, deployment }: ModelWorld, sandbox: Sandbox): World {
  return {
    env: {},
    clock: timeline,
    at: (time, action) => timeline.at(time, action),
    pause: (milliseconds) => sandbox.pause(milliseconds),
    exit: () => sandbox.exit(),
    configurations: configurationsOf(deployment()),
    log: () => undefined,
  };
}

/** Every function asks for it, and it is the same as long as nothing is deployed. */
const known = new WeakMap<Deployment, Configurations>();

function configurationsOf(deployment: Deployment): Configurations {
  const configurations = known.get(deployment) ?? newConfigurations(deployment);
  known.set(deployment, configurations);
  return configurations;
}

function newConfigurations(deployment: Deployment): Configurations {
  const configuration = configurationOf(deployment);
  return {
    read: async () => configuration,
    podSpec: async (_, environment) => objectsOf(environment, deployment),
  };
}

/** All ports, as they are reached from within one container. */
function portsOf(
  { stores, machine, timeline }: ModelWorld,
  { sandbox, outside }: { readonly sandbox: Sandbox; readonly outside: World },
): Ports {
  const permit = (): AbortSignal | undefined => permitToSend(outside);
  const reach = <Port extends object>(name: string, port: Port): Port =>
    sandbox.reach(name, port, permit);
  const cluster = reach("cluster", stores.cluster);
  return {
    approvals: reach("approvals", stores.approvals),
    archives: fakeObjectArchives(),
    bus: reach("bus", stores.bus),
    environments: reach("environments", stores.environments),
    messenger: reach("messenger", stores.messenger),
    observers: reach("observers", stores.observers),
    openWork: reach("openWork", stores.openWork),
    ignoredPushes: reach("ignoredPushes", stores.ignoredPushes),
    promotions: reach("promotions", stores.promotions),
    registry: reach("registry", stores.registry),
    releases: reach("releases", stores.releases),
    scans: reach("scans", stores.scans),
    // A file beside the function: nothing on the way can fail.
    schemas: fakeSchemas(),
    trail: reach("trail", stores.trail),
    waits: reach("waits", stores.waits),
    workflow: reach("workflow", machine.workflow),
    clusters: fakeClusters(Object.fromEntries(clusterNames.map((name) => [name, cluster]))),
    clock: timeline,
    hash: sha256,
    mac: hmacSha256,
    pause: outside.pause,
    configurations: outside.configurations,
  };
}
