import { createHash } from "node:crypto";
import { verifyChain } from "../../src/domain/trail.ts";
import type { ShownPromotion } from "../../src/promotion/operations/show-promotion.ts";
import type { ApplicationStatus } from "../../src/promotion/operations/show-status.ts";
import { liveQuestions } from "./live-questions.ts";
import {
  newVersion,
  oldVersion,
  repositories,
  type ExecutionSeen,
  type FaultWorld,
} from "./start-fault-world.ts";

export interface Findings {
  readonly endings: readonly string[];
  readonly violations: readonly string[];
}

/**
 * Everything that must hold once the dust has settled, whatever happened on the way. `promotes`: it
 * was only a delay.
 */
export async function findViolations(
  world: FaultWorld,
  { promotes }: { readonly promotes: boolean },
): Promise<Findings> {
  const executions = world.executions();
  const shown = await Promise.all(executions.map((execution) => showExecution(world, execution)));
  const [status] = (await world.invoke("show-status", {})) as readonly ApplicationStatus[];
  if (!status) throw new Error("no status");
  const endings = shown.map(
    ({ promotion, execution }) =>
      promotion?.promotion.ending ?? `(${execution.ended ?? "running"})`,
  );
  const unsettled = status.environments.some(({ lock }) => lock.unsettled !== undefined);
  const violations = [
    ...shown.flatMap(unfinished),
    ...shown.flatMap((one) => brokenTrail(one, { promotes })),
    ...shown.flatMap(causeless),
    ...heldLock(status),
    ...(unsettled ? [] : mixedCluster(world)),
    ...strayTags(world),
    ...liveButtons(world),
    ...(promotes ? notPromoted(endings.at(-1), { world, unsettled }) : []),
  ];
  return { endings: unsettled ? [...endings, "unsettled"] : endings, violations };
}

interface Shown {
  readonly execution: ExecutionSeen;
  /** undefined: its first step never wrote a record. */
  readonly promotion: ShownPromotion | undefined;
}

async function showExecution(world: FaultWorld, execution: ExecutionSeen): Promise<Shown> {
  try {
    return {
      execution,
      promotion: (await world.invoke("show-promotion", {
        promotion: execution.id,
      })) as ShownPromotion,
    };
  } catch (error) {
    if (error instanceof Error && error.name === "NotFound") {
      return { execution, promotion: undefined };
    }
    throw error;
  }
}

function unfinished({ execution, promotion }: Shown): readonly string[] {
  if (execution.ended === undefined) return [`its execution still runs`];
  if (!promotion) return [];
  const { ending, announced } = promotion.promotion;
  return [
    ...(ending === undefined ? ["it has no ending"] : []),
    ...(ending !== undefined && !announced ? ["its ending was not announced"] : []),
  ];
}

function brokenTrail(
  { promotion }: Shown,
  { promotes }: { readonly promotes: boolean },
): readonly string[] {
  if (!promotion) return [];
  const {
    trail,
    promotion: { ending },
  } = promotion;
  const broken = verifyChain(trail, (text) => createHash("sha256").update(text).digest("hex"));
  const steps = new Set(trail.map(({ step }) => step));
  const missing =
    ending === "Promoted" && promotes ? stepsOfPromoted.filter((step) => !steps.has(step)) : [];
  return [
    ...(broken === undefined ? [] : [`the trail is broken at entry ${broken}`]),
    ...missing.map((step) => `the trail lacks ${step}`),
  ];
}

/** A failure says what failed, not only what became of it. */
function causeless({ promotion }: Shown): readonly string[] {
  const { ending, reasons = [] } = promotion?.promotion ?? {};
  if (ending !== "Failed" && ending !== "RolledBack") return [];
  return reasons.some(
    (reason) =>
      !/^(what ran before runs again|nothing ran before|the cluster was not touched)/.test(reason),
  )
    ? []
    : [`${ending} without a cause: ${reasons.join("; ")}`];
}

const stepsOfPromoted = [
  "ResolveRelease",
  "VerifyImages",
  "CheckProductionTags",
  "PreparePodSpec",
  "EnterEnvironment",
  "BeginWriting",
  "RetagImages",
  "DeployPodSpec",
  "CheckRollout",
  "MoveMovingTags",
  "ClosePromotion",
  "Announce",
];

function heldLock({ environments, promotions }: ApplicationStatus): readonly string[] {
  const held = environments
    .flatMap(({ lock }) => [lock.owner, lock.next])
    .filter((one) => one !== undefined);
  return [
    ...held.map(({ promotion }) => `the lock is held by ${promotion}, which has ended`),
    ...promotions.map(({ id }) => `${id} is still listed as open work`),
  ];
}

/** Image references of what runs: all of one release, and of one only. */
function mixedCluster(world: FaultWorld): readonly string[] {
  const running = runningDigests(world);
  const isAll = (version: string): boolean =>
    repositories.every(
      (repository) => running.get(repository) === world.digests(version).get(repository),
    );
  const ranBefore = world.digests(oldVersion).size > 0;
  if (isAll(newVersion) || (ranBefore ? isAll(oldVersion) : running.size === 0)) return [];
  return [
    `the cluster runs neither the new release nor what ran before: ${[...running].map(([repository, digest]) => `${repository}@${digest.slice(0, 15)}`).join(", ")}`,
  ];
}

function runningDigests({ cloud }: FaultWorld): ReadonlyMap<string, string> {
  const deployments = [...cloud.clusters.values()].flatMap((cluster) =>
    cluster.objects("Deployment", "orderbook"),
  );
  const images = [
    ...JSON.stringify(deployments.map((one) => one["spec"])).matchAll(
      /"image":"[^"]*\/([\w-]+)[^"@]*@(sha256:[0-9a-f]{64})"/g,
    ),
  ];
  return new Map(images.map(([, repository = "", digest = ""]) => [repository, digest]));
}

/** A production tag may be absent, but never on a digest that nobody approved for it. */
function strayTags(world: FaultWorld): readonly string[] {
  return repositories.flatMap((repository) =>
    world.cloud.ecr
      .images(repository)
      .flatMap(({ digest, tags }) =>
        tags
          .filter((tag) => !mayHold({ world, repository, digest }, tag))
          .map((tag) => `${repository}:${tag} is on ${digest.slice(0, 15)}`),
      ),
  );
}

interface Held {
  readonly world: FaultWorld;
  readonly repository: string;
  readonly digest: string;
}

function mayHold({ world, repository, digest }: Held, tag: string): boolean {
  const versions = tag === "prod" ? [oldVersion, newVersion] : [tag.replace(/^(dev|prod)-/, "")];
  return versions.some((version) => world.digests(version).get(repository) === digest);
}

function liveButtons(world: FaultWorld): readonly string[] {
  const live = liveQuestions(world.cloud).length;
  if (live > 1) return [`${live} messages have buttons`];
  return live === 1 && world.executions().every(({ ended }) => ended !== undefined)
    ? ["a message has buttons though nothing is running"]
    : [];
}

/** One lost call or one dead function delays a promotion; it never decides how it ends. */
function notPromoted(
  ending: string | undefined,
  { world, unsettled }: { readonly world: FaultWorld; readonly unsettled: boolean },
): readonly string[] {
  if (ending !== "Promoted" || unsettled) {
    return [
      `it ended ${ending ?? "(never started)"}${unsettled ? ", unsettled" : ""} instead of Promoted`,
    ];
  }
  const running = runningDigests(world);
  return repositories.flatMap((repository) => {
    const digest = world.digests(newVersion).get(repository);
    const tags =
      world.cloud.ecr.images(repository).find((image) => image.digest === digest)?.tags ?? [];
    const lacking = [`prod-${newVersion}`, "prod"]
      .filter((tag) => !tags.includes(tag))
      .map((tag) => `Promoted, but ${repository}:${tag} is missing`);
    return running.get(repository) === digest
      ? lacking
      : [...lacking, `Promoted, but ${repository} does not run`];
  });
}
