import { PromoterError } from "../../src/domain/errors.ts";
import type { PortName } from "../../src/ports/ports.ts";
import { onExecutionEnded } from "../../src/promotion/events/on-execution-ended.ts";
import { onImagePush } from "../../src/promotion/events/on-image-push.ts";
import { reconcile } from "../../src/promotion/events/reconcile.ts";
import { abortPromotion } from "../../src/promotion/operations/abort-promotion.ts";
import { retryPromotion } from "../../src/promotion/operations/retry-promotion.ts";
import { showHistory } from "../../src/promotion/operations/show-history.ts";
import { showPromotion } from "../../src/promotion/operations/show-promotion.ts";
import { showStatus } from "../../src/promotion/operations/show-status.ts";
import { awaitTurn } from "../../src/promotion/steps/await-turn.ts";
import { closePromotion } from "../../src/promotion/steps/close-promotion.ts";
import { enterEnvironment } from "../../src/promotion/steps/enter-environment.ts";
import { preparePodSpec } from "../../src/promotion/steps/prepare-pod-spec.ts";
import { verifyImages } from "../../src/promotion/steps/verify-images.ts";
import {
  aWorld,
  configuredObjects,
  production,
  pushEvent,
  repositories,
  shopObjects,
  tag,
  type ShopWorld,
} from "../builders/a-world.ts";
import { goOn, goThrough, plan } from "../builders/go-through.ts";

const ports: Readonly<Record<PortName, true>> = {
  approvals: true,
  archives: true,
  bus: true,
  clusters: true,
  environments: true,
  ignoredPushes: true,
  messenger: true,
  observers: true,
  openWork: true,
  promotions: true,
  registry: true,
  releases: true,
  scans: true,
  schemas: true,
  trail: true,
  waits: true,
  workflow: true,
};

/** The same world; every call of a port or a cluster is noted as `<task> <port>.<method>`. */
function noting(world: ShopWorld, task: string, called: Set<string>): ShopWorld {
  const note = <T extends object>(name: string, port: T): T =>
    new Proxy(port, {
      get(target, method, receiver) {
        const value: unknown = Reflect.get(target, method, receiver);
        if (typeof value === "function") called.add(`${task} ${name}.${String(method)}`);
        return value;
      },
    });
  const connect: ShopWorld["clusters"]["connect"] = async (name) =>
    note("cluster", await world.clusters.connect(name));
  const noted = Object.keys(ports).map((name) => {
    const port = world[name as PortName] as object;
    return [name, note(name, name === "clusters" ? { ...port, connect } : port)] as const;
  });
  return { ...world, ...Object.fromEntries(noted) };
}

/** What tasks call that few drawn schedules lead to, each in the story that leads to it. */
export async function rareCalls(): Promise<ReadonlySet<string>> {
  const called = new Set<string>();
  const as = (world: ShopWorld, task: string): ShopWorld => noting(world, task, called);
  for (const story of [
    shown,
    judged,
    adopted,
    configured,
    broughtAlong,
    pushedAsIndex,
    turnsThatCome,
    closedByTheNext,
    wentBack,
    abortedTooLate,
    pushedAgain,
    repaired,
    setAside,
    countedMeanwhile,
    retried,
  ]) {
    await story(as);
  }
  return called;
}

type As = (world: ShopWorld, task: string) => ShopWorld;

function shop(): ShopWorld {
  const world = aWorld();
  world.push("1.0.0");
  world.push("1.1.0");
  return world;
}

async function shown(as: As): Promise<void> {
  const world = shop();
  await goThrough(world, { id: "p-1", version: "1.0.0", to: "asked" });
  await world.sleep("p-1", "turn");
  await showPromotion.run({ promotion: "p-1" }, as(world, "ShowPromotion"));
  await world.sleep("p-1", "vote");
  await showPromotion.run({ promotion: "p-1" }, as(world, "ShowPromotion"));
  await showStatus.run({}, as(world, "ShowStatus"));
  await world.open({ id: "p-2", version: "1.1.0" });
  await showPromotion.run({ promotion: "p-2" }, as(world, "ShowPromotion"));
  await world.promotions.update("p-2", { members: undefined });
  await showPromotion.run({ promotion: "p-2" }, as(world, "ShowPromotion"));
  await world.openWork.add("shop", { kind: "release", version: "1.1.0", since: 0 });
  await showStatus.run({}, as(world, "ShowStatus"));
  await showHistory.run({ ...production, limit: 5 }, as(world, "ShowHistory"));
}

/** The model reads the schemas without a call. */
async function judged(as: As): Promise<void> {
  const world = shop();
  await goThrough(world, { id: "p-1", version: "1.0.0", to: "planned" });
  await preparePodSpec.run({ promotion: "p-1" }, as(world, "PreparePodSpec"));
}

/** Nobody in the model writes with kubectl. */
async function adopted(as: As): Promise<void> {
  const world = shop();
  for (const object of shopObjects) world.cluster.applyAs("kubectl-edit", object);
  await goThrough(world, { id: "p-1", version: "1.0.0", to: "planned" });
  await preparePodSpec.run({ promotion: "p-1" }, as(world, "PreparePodSpec"));
}

/** A workload that uses a ConfigMap is authenticated with the key of its environment. */
async function configured(as: As): Promise<void> {
  const world = aWorld({ objects: configuredObjects({ LOG_LEVEL: "info" }) });
  world.push("1.0.0");
  await world.open({ id: "p-1", version: "1.0.0" });
  await plan(world, "p-1");
  await preparePodSpec.run({ promotion: "p-1" }, as(world, "PreparePodSpec"));
}

/** The objects come with the release. */
async function broughtAlong(as: As): Promise<void> {
  const world = aWorld({ artifact: true });
  world.push("1.0.0");
  await world.open({ id: "p-1", version: "1.0.0" });
  await plan(world, "p-1");
  await preparePodSpec.run({ promotion: "p-1" }, as(world, "PreparePodSpec"));
}

/** The manifests below an index take a call of their own. */
async function pushedAsIndex(as: As): Promise<void> {
  const world = shop();
  const image = world.registry.addImage(repositories.api);
  world.registry.addIndex(repositories.api, {
    tag: tag("dev-1.0.0"),
    images: [{ platform: "linux/amd64", image }],
  });
  await world.open({ id: "p-1", version: "1.0.0" });
  await verifyImages.run({ promotion: "p-1" }, as(world, "VerifyImages"));
}

async function turnsThatCome(as: As): Promise<void> {
  const world = shop();
  await goThrough(world, { id: "p-1", version: "1.0.0", to: "entered" });
  world.workflow.openToken("token");
  const input = { promotion: "p-1", token: "token", seconds: 60 };
  await awaitTurn.run(input, as(world, "AwaitTurn"));
}

/** Whoever closes what went back pins it. */
async function wentBack(as: As): Promise<void> {
  const closers: Readonly<
    Record<string, (world: ShopWorld, noted: ShopWorld) => Promise<unknown>>
  > = {
    ClosePromotion: (_, noted) => closePromotion.run({ promotion: "m-1" }, noted),
    OnExecutionEnded: (_, noted) => onExecutionEnded.run({ promotion: "m-1" }, noted),
    Reconcile: (_, noted) => reconcile.run(undefined, noted),
    EnterEnvironment: async (world, noted) => {
      world.push("1.2.0");
      await world.open({ id: "p-3", version: "1.2.0", requester: "ZOE" });
      await plan(world, "p-3");
      await enterEnvironment.run({ promotion: "p-3" }, noted);
    },
  };
  for (const [task, close] of Object.entries(closers)) {
    const world = shop();
    await goThrough(world, { id: "p-1", version: "1.0.0", to: "closed" });
    await goThrough(world, { id: "p-2", version: "1.1.0", to: "closed" });
    await world.open({ id: "m-1", version: "1.0.0", requester: "ZOE", back: true });
    await goOn(world, "m-1", { to: "moved" });
    world.workflow.end("m-1", "aborted");
    await close(world, as(world, task));
  }
}

/** The way back is named by the plan. */
async function abortedTooLate(as: As): Promise<void> {
  const world = shop();
  await goThrough(world, { id: "p-1", version: "1.0.0", to: "closed" });
  await abortPromotion
    .run({ promotion: "p-1", by: "ZOE" }, as(world, "AbortPromotion"))
    .catch(() => undefined);
}

/** A person's promotion lifts the hold on its set, by whoever closes it. */
async function closedByTheNext(as: As): Promise<void> {
  const world = shop();
  await leaveUnclosed(world);
  await world.open({ id: "p-2", version: "1.1.0" });
  await plan(world, "p-2");
  await enterEnvironment.run({ promotion: "p-2" }, as(world, "EnterEnvironment"));
}

async function leaveUnclosed(world: ShopWorld): Promise<void> {
  await world.open({ id: "p-1", version: "1.0.0", requester: "ZOE" });
  await goOn(world, "p-1", { to: "moved" });
  world.workflow.end("p-1", "aborted");
}

async function pushedAgain(as: As): Promise<void> {
  const world = shop();
  const id = await pushBoth(world);
  world.workflow.end(id, "failed");
  world.pass(60_000);
  await pushBoth(world, as(world, "OnImagePush"));
  const digest = world.push("2.1.0")["shop-api"];
  const ignored = pushEvent({
    id: "e-9",
    repository: "shop-api",
    digest,
    version: "",
    tag: "latest",
  });
  await onImagePush.run(ignored, as(world, "OnImagePush"));
}

async function pushBoth(world: ShopWorld, noted = world): Promise<string> {
  const digests = world.push("2.0.0");
  for (const repository of ["shop-api", "shop-ui"] as const) {
    const push = { repository, digest: digests[repository], version: "2.0.0" };
    await onImagePush.run(pushEvent({ id: `${repository} ${world.clock.now()}`, ...push }), noted);
  }
  return world.workflow.executions()[0]?.id ?? "";
}

async function repaired(as: As): Promise<void> {
  const closing = shop();
  await leaveUnclosed(closing);
  await reconcile.run(undefined, as(closing, "Reconcile"));
  const starting = shop();
  const id = await pushBoth(starting);
  starting.workflow.end(id, "failed");
  starting.pass(60_000);
  await reconcile.run(undefined, as(starting, "Reconcile"));
}

const refuse = (): Promise<never> =>
  Promise.reject(new PromoterError("StoreRefused", "schema version 2"));

/** What cannot be read is set aside. */
async function setAside(as: As): Promise<void> {
  const world = shop();
  await world.open({ id: "p-1", version: "1.0.0" });
  const promotions = { ...world.promotions, read: refuse };
  await reconcile.run(undefined, as({ ...world, promotions }, "Reconcile"));
}

/** A push is counted while its version is taken out of the open work. */
async function countedMeanwhile(as: As): Promise<void> {
  const world = shop();
  const id = await pushBoth(world);
  await world.open({ id, version: "2.0.0" });
  world.pass(60_000);
  const remove: ShopWorld["openWork"]["remove"] = async (application, work) => {
    const digest = world.push("2.0.0", "rebuilt")["shop-api"];
    const now = world.clock.now();
    const pushed = { repository: repositories.api, digest, pushedAt: now, event: "e-9" };
    await world.releases.collect({ application, version: "2.0.0" }, { ...pushed, settle: 0, now });
    await world.openWork.remove(application, work);
  };
  const openWork = { ...world.openWork, remove };
  await reconcile.run(undefined, as({ ...world, openWork }, "Reconcile"));
}

async function retried(as: As): Promise<void> {
  const world = shop();
  const id = await pushBoth(world);
  await world.open({ id, version: "2.0.0" });
  await world.promotions.close(id, { ending: "Failed", reasons: [], closedAt: world.clock.now() });
  world.workflow.end(id, "failed");
  await retryPromotion.run({ promotion: id }, as(world, "RetryPromotion"));
  world.workflow.end(`${id.slice(0, -1)}2`, "failed");
  await retryPromotion.run({ promotion: id }, as(world, "RetryPromotion")).catch(() => undefined);
}
