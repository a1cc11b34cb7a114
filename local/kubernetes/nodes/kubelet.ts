import {
  numberAt,
  stringAt,
  listAt,
  type Json,
  type JsonObject,
  valueAt,
} from "../../json-value.ts";
import type { CloudContext } from "../../service.ts";
import type { WorkQueue } from "../controllers/work-queue.ts";
import { timestamp, nameOf, isTerminating, uidOf, namespaceOf } from "../objects/object-value.ts";
import { knownResource } from "../objects/resource-table.ts";
import type { ObjectStore } from "../storage/object-store.ts";
import type { ObjectWriter } from "../storage/object-writer.ts";
import type { BehaviourBook } from "./container-behaviour.ts";
import { type ContainerLogs, firstLine, lastLine } from "./container-logs.ts";
import type { Node } from "./node-labels.ts";
import { type ContainerChange, withContainer } from "./pod-status.ts";

export type Pulled =
  | { readonly kind: "ok" }
  | { readonly kind: "error"; readonly reason: string; readonly message: string };

export interface NodeWorld {
  readonly context: Pick<CloudContext, "clock" | "region" | "track">;
  readonly store: ObjectStore;
  readonly writer: ObjectWriter;
  readonly queue: WorkQueue;
  readonly nodes: readonly Node[];
  readonly behaviours: BehaviourBook;
  readonly logs: ContainerLogs;
  /** Milliseconds that a container takes to start, to become ready, and to stop. */
  readonly timing: { readonly start: number; readonly ready: number; readonly stop: number };
  pullImage(reference: string, platform: Node): Promise<Pulled>;
}

const pods = knownResource("Pod");

export interface ContainerRun {
  readonly world: NodeWorld;
  readonly pod: JsonObject;
  readonly container: Json;
  readonly node: Node;
  readonly cached: Set<string>;
}

const imageOf = ({ container }: ContainerRun): string => stringAt(container, "image") ?? "";
const nameIn = ({ container }: ContainerRun): string => stringAt(container, "name") ?? "";

/** What a kubelet does with one container of a pod that is on its node. */
export function runContainer(run: ContainerRun): void {
  prepare(run, 0);
}

/** Init containers are taken to succeed once their images are there. */
function prepare(run: ContainerRun, attempt: number): void {
  const images = [
    ...listAt(run.pod, "spec", "initContainers").map((it) => stringAt(it, "image") ?? ""),
    imageOf(run),
  ];
  const missing = images.filter(
    (image) =>
      stringAt(run.container, "imagePullPolicy") === "Always" ||
      !run.cached.has(cacheKey(run, image)),
  );
  if (missing.length > 0 && stringAt(run.container, "imagePullPolicy") === "Never") {
    const message = `Container image "${imageOf(run)}" is not present with pull policy of Never`;
    change(run, { state: { kind: "waiting", reason: "ErrImageNeverPull", message } });
    return;
  }
  void run.world.context.track(
    pullAll(run, missing).then((failure) =>
      failure ? backOffPull(run, failure, attempt) : start(run, 0),
    ),
  );
}

const cacheKey = ({ node }: ContainerRun, image: string): string =>
  `${node.os}/${node.architecture}/${node.variant ?? ""} ${image}`;

async function pullAll(
  run: ContainerRun,
  images: readonly string[],
): Promise<Extract<Pulled, { kind: "error" }> | undefined> {
  for (const image of images) {
    const pulled = await pull(run, image);
    if (pulled.kind === "error") return pulled;
    run.cached.add(cacheKey(run, image));
  }
  return undefined;
}

function pull(run: ContainerRun, image: string): Promise<Pulled> {
  return run.world
    .pullImage(image, run.node)
    .catch((error: unknown) => ({ kind: "error", reason: "ErrImagePull", message: String(error) }));
}

/**
 * kubelet's back-off: 10 s, doubled up to 5 minutes
 * (https://kubernetes.io/docs/concepts/containers/images/#imagepullbackoff).
 */
const backOff = (attempt: number): number => Math.min(300_000, 10_000 * 2 ** attempt);
/** The first sync of the kubelet after the failure finds the image in back-off. */
const nextSync = 2000;

function backOffPull(
  run: ContainerRun,
  failure: Extract<Pulled, { kind: "error" }>,
  attempt: number,
): void {
  const { world } = run;
  const now = world.context.clock.now();
  change(run, { state: { kind: "waiting", reason: failure.reason, message: failure.message } });
  if (!livePod(world, run.pod)) return;
  const message = `Back-off pulling image "${imageOf(run)}": ${failure.reason}: ${failure.message}`;
  world.queue.later(now + nextSync, () =>
    change(run, { state: { kind: "waiting", reason: "ImagePullBackOff", message } }),
  );
  world.queue.later(now + backOff(attempt), () => {
    if (livePod(world, run.pod)) prepare(run, attempt + 1);
  });
}

function start(run: ContainerRun, restarts: number): void {
  const { world } = run;
  world.queue.later(world.context.clock.now() + world.timing.start, () => {
    const now = world.context.clock.now();
    const startedAt = timestamp(now);
    const behaviour = world.behaviours.of(imageOf(run));
    change(run, {
      state: { kind: "running", startedAt, isReady: false },
      restartCount: restarts,
      imageId: imageOf(run),
    });
    world.logs.begin(run.pod, nameIn(run));
    world.logs.write(run.pod, nameIn(run), firstLine(run.container));
    if (behaviour.kind === "never-ready") return;
    if (behaviour.kind === "crash") {
      return world.queue.later(now + (behaviour.after ?? world.timing.ready), () =>
        crash(run, behaviour, restarts),
      );
    }
    const after = behaviour.after ?? Math.max(world.timing.ready, probeDelay(run.container));
    world.queue.later(now + after, () =>
      change(run, { state: { kind: "running", startedAt, isReady: true } }),
    );
  });
}

function probeDelay(container: Json): number {
  return (numberAt(container, "readinessProbe", "initialDelaySeconds") ?? 0) * 1000;
}

/**
 * The first restart comes at once, each further one after the back-off
 * (https://kubernetes.io/docs/concepts/workloads/pods/pod-lifecycle/#restart-policy).
 */
function crash(
  run: ContainerRun,
  { exitCode, message }: { exitCode: number; message?: string },
  restarts: number,
): void {
  const { world, pod } = run;
  if (!livePod(world, pod)) return;
  world.logs.write(pod, nameIn(run), lastLine({ exitCode, message }));
  const last = { exitCode, ...(message === undefined ? {} : { message }) };
  if (restarts === 0) {
    change(run, { state: { kind: "terminated", ...last }, lastTerminated: last });
    start(run, 1);
    return;
  }
  const wait = backOff(restarts - 1);
  const name = `${nameOf(pod)}_${namespaceOf(pod)}(${uidOf(pod)})`;
  const why = `back-off ${duration(wait)} restarting failed container=${nameIn(run)} pod=${name}`;
  change(run, {
    state: { kind: "waiting", reason: "CrashLoopBackOff", message: why },
    lastTerminated: last,
  });
  world.queue.later(world.context.clock.now() + wait, () => start(run, restarts + 1));
}

/** As Go prints it: `10s`, `1m20s`. */
function duration(milliseconds: number): string {
  const seconds = milliseconds / 1000;
  return seconds < 60 ? `${seconds}s` : `${Math.floor(seconds / 60)}m${seconds % 60}s`;
}

function change(run: ContainerRun, what: Omit<ContainerChange, "name">): void {
  const pod = livePod(run.world, run.pod);
  if (pod) {
    run.world.writer.update(
      pods,
      pod,
      withContainer(pod, { name: nameIn(run), ...what }, run.world.context.clock.now()),
    );
  }
}

export function livePod({ store }: NodeWorld, pod: JsonObject): JsonObject | undefined {
  const live = store.get(pods, namespaceOf(pod), nameOf(pod));
  return live && uidOf(live) === uidOf(pod) && !isTerminating(live) && valueAt(live, "spec")
    ? live
    : undefined;
}
