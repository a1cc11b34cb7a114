import type { Hash } from "../domain/hash.ts";
import { mayStartAgain, promotionId, type PromotionId } from "../domain/promotion.ts";
import type { CollectedRelease } from "../domain/release.ts";
import type { Promotions } from "../ports/promotions.ts";
import type { Releases } from "../ports/releases.ts";
import type { Workflow, WorkflowInput } from "../ports/workflow.ts";

export interface StartPorts {
  readonly promotions: Promotions;
  readonly releases: Releases;
  readonly workflow: Workflow;
  readonly hash: Hash;
}

export interface Start {
  readonly release: CollectedRelease;
  readonly environment: string;
  readonly set: string;
  /** The event that asks for it was counted before: it can never be a reason for another attempt. */
  readonly repeated: boolean;
  /** A person asked for another attempt. */
  readonly retry?: { readonly requester: string | undefined; readonly reason: string | undefined } | undefined;
}

export interface Started {
  readonly kind: "started" | "duplicate";
  readonly promotion: PromotionId;
}

/**
 * Starts the newest attempt to promote a set, under a name that the same push always gives; a second attempt only where that makes sense.
 * The record is asked first: Step Functions forgets a name 90 days after its execution ended (API reference, StartExecution).
 */
export async function startPromotion(start: Start, ports: StartPorts): Promise<Started> {
  const { release, environment, set, repeated, retry } = start;
  const repeats = repeatsOf(start);
  const id = newestAttempt(start, ports.hash);
  const known = await ports.promotions.read(id);
  if (!retry && !known && (await ports.workflow.start(id, inputOf(start))) === "started") return { kind: "started", promotion: id };
  const again = retry !== undefined || (!repeated && (known ? mayStartAgain(known) : await mayFollow(id, ports)));
  if (!again) return { kind: "duplicate", promotion: id };
  await ports.releases.nextAttempt(release, { environment, set, from: repeats });
  const next = nameOf(start, repeats + 2, ports.hash);
  const outcome = await ports.workflow.start(next, inputOf(start));
  return { kind: outcome === "started" ? "started" : "duplicate", promotion: next };
}

type Attempted = Pick<Start, "release" | "environment" | "set">;

/** What the newest attempt to promote a set is called, started or about to be. */
export function newestAttempt(start: Attempted, hash: Hash): PromotionId {
  return nameOf(start, repeatsOf(start) + 1, hash);
}

function repeatsOf({ release, environment, set }: Attempted): number {
  return release.attempts[`${environment}/${set}`] ?? 0;
}

function nameOf({ release: { application, version }, environment, set }: Attempted, attempt: number, hash: Hash): PromotionId {
  return promotionId({ application, environment, version, set, attempt }, hash);
}

function inputOf({ release: { application, version }, environment, set, retry }: Start): WorkflowInput {
  const { requester, reason } = retry ?? {};
  return { application, version, environment, set, ...(requester === undefined ? {} : { requester }), ...(reason === undefined ? {} : { reason }) };
}

/** Step Functions knew the name. If there is no record by now either, its execution died in its first step, where nothing is written. */
async function mayFollow(id: PromotionId, { promotions, workflow }: StartPorts): Promise<boolean> {
  const promotion = await promotions.read(id);
  if (promotion) return mayStartAgain(promotion);
  const status = await workflow.status(id);
  return status !== "running" && status !== "succeeded";
}
