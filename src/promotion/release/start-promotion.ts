import type { Hash } from "../../domain/hash.ts";
import {
  mayStartAgain,
  promotionId,
  type Promotion,
  type PromotionId,
} from "../../domain/promotion.ts";
import type { CollectedRelease } from "../../domain/release.ts";
import type { Need, PortsFor } from "../../ports/ports.ts";
import type { WorkflowInput } from "../../ports/workflow.ts";

export const startPromotionNeeds = [
  "promotions.read",
  "releases.nextAttempt",
  "workflow.start",
  "workflow.status",
] as const satisfies readonly Need[];
export type StartPromotionPorts = PortsFor<typeof startPromotionNeeds>;

export interface Start {
  readonly release: CollectedRelease;
  readonly environment: string;
  readonly set: string;
  /**
   * The event was counted before: it justifies another attempt only if its first handling started
   * none.
   */
  readonly repeated: boolean;
  /** A person asked for another attempt. */
  readonly retry?:
    | { readonly requester: string | undefined; readonly reason: string | undefined }
    | undefined;
}

export interface Started {
  /** `running`: it was started before and has no record yet. `duplicate`: nothing is left to do. */
  readonly kind: "started" | "running" | "duplicate";
  readonly promotion: PromotionId;
}

/**
 * Starts the newest attempt to promote a set, under a name that the same push always gives; a
 * second attempt only where that makes sense. The record is asked first: Step Functions forgets a
 * name 90 days after its execution ended (API reference, StartExecution).
 */
export async function startPromotion(start: Start, ports: StartPromotionPorts): Promise<Started> {
  const id = newestAttempt(start, ports.hash);
  const known = await ports.promotions.read(id);
  const begun = known ? "exists" : await startNewest(start, id, ports);
  if (begun !== "exists") return { kind: begun, promotion: id };
  const kind = known ? decideByRecord(known, start) : await decideByExecution(id, start, ports);
  return kind === "again" ? startNext(start, ports) : { kind, promotion: id };
}

/** Starts the attempt after the newest. Simultaneous callers start the same one. */
export async function startNext(start: Start, ports: StartPromotionPorts): Promise<Started> {
  const { release, environment, set } = start;
  const repeats = repeatsOf(start);
  await ports.releases.nextAttempt(release, { environment, set, from: repeats });
  const next = nameOf(start, repeats + 2, ports.hash);
  const outcome = await ports.workflow.start(next, inputOf(start));
  return { kind: outcome === "started" ? "started" : "running", promotion: next };
}

/**
 * Step Functions answers a repeated start of a running execution like the first one; so a late call
 * checks first, and only one says that it started it.
 */
async function startNewest(
  start: Start,
  id: PromotionId,
  { workflow }: StartPromotionPorts,
): Promise<"started" | "exists" | "running"> {
  if (start.repeated && (await workflow.status(id)) === "running") return "running";
  return workflow.start(id, inputOf(start));
}

function decideByRecord(promotion: Promotion, { release, repeated }: Start): "again" | "duplicate" {
  return mayStartAgain(promotion) && (!repeated || wasPushedAfter(release, promotion))
    ? "again"
    : "duplicate";
}

/**
 * A push after its end did not start it, and the function that handled the push died before it
 * started another attempt.
 */
function wasPushedAfter(
  { members }: CollectedRelease,
  { closedAt = Infinity }: Promotion,
): boolean {
  return Object.values(members).some(({ pushedAt }) => pushedAt > closedAt);
}

/**
 * Step Functions knew the name. If there is no record by now either, its execution is in its first
 * step or died there, where nothing is written. What a person stopped is not started again by
 * itself. The status is asked first, so that no record is missed that was written until then.
 */
async function decideByExecution(
  id: PromotionId,
  start: Start,
  { promotions, workflow }: StartPromotionPorts,
): Promise<"again" | "running" | "duplicate"> {
  const status = await workflow.status(id);
  const promotion = await promotions.read(id);
  if (promotion) return decideByRecord(promotion, start);
  if (status === "aborted" && start.repeated) return "duplicate";
  return status === "failed" || status === "timed-out" || status === "aborted"
    ? "again"
    : "running";
}

type SetInEnvironment = Pick<Start, "release" | "environment" | "set">;

/** The name of the newest attempt to promote a set, started or about to be. */
export function newestAttempt(start: SetInEnvironment, hash: Hash): PromotionId {
  return nameOf(start, repeatsOf(start) + 1, hash);
}

function repeatsOf({ release, environment, set }: SetInEnvironment): number {
  return release.attempts[`${environment}/${set}`] ?? 0;
}

function nameOf(
  { release: { application, version }, environment, set }: SetInEnvironment,
  attempt: number,
  hash: Hash,
): PromotionId {
  return promotionId({ application, environment, version, set, attempt }, hash);
}

/** Byte-stable: the same request gives the same input. */
export function inputOf({
  release: { application, version },
  environment,
  set,
  retry,
}: Start): WorkflowInput {
  const { requester, reason } = retry ?? {};
  return {
    application,
    version,
    environment,
    set,
    ...(requester === undefined ? {} : { requester }),
    ...(reason === undefined ? {} : { reason }),
  };
}
