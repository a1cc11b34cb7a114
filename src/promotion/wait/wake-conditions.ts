import { approvalState, type Approval, type Voting } from "../../domain/approval.ts";
import type { Lock } from "../../domain/lock.ts";
import type { Promotion } from "../../domain/promotion.ts";
import { wasRebuilt, type CollectedRelease } from "../../domain/release.ts";
import type { Need, PortsFor } from "../../ports/ports.ts";
import type { ExecutionStatus } from "../../ports/workflow.ts";
import { currentVoting } from "../record/current-voting.ts";

/**
 * Whether what a sleeping promotion waits for stands in the table already; asked by the await
 * itself and by `reconcile`.
 */
export function factsHaveMoved({
  nudgedAt,
  verifiedAt,
}: Pick<Promotion, "nudgedAt" | "verifiedAt">): boolean {
  return nudgedAt !== undefined && verifiedAt !== undefined && nudgedAt >= verifiedAt;
}

/** The next in an unsettled environment sleeps until a person has settled it. */
export function turnHasCome(
  { id }: Pick<Promotion, "id">,
  { owner, next, unsettled }: Lock,
): boolean {
  return (
    owner?.promotion === id ||
    next?.promotion !== id ||
    (owner === undefined && unsettled === undefined)
  );
}

function voteIsDecided(approval: Approval | undefined, now: number, voting: Voting): boolean {
  return approval !== undefined && approvalState(approval, now, voting) !== "pending";
}

/** No vote can get it promoted any more. */
export function voteIsPointless(
  promotion: Promotion,
  release: CollectedRelease | undefined,
): boolean {
  return release !== undefined && wasRebuilt(release, promotion);
}

export const voteNeeds = ["approvals.read", "releases.read"] as const satisfies readonly Need[];
export type VotePorts = PortsFor<typeof voteNeeds>;

/**
 * Whether there is nothing to wait for any more: decided, pointless, or promoter.yml asks nobody by
 * now.
 */
export async function voteIsOver(
  promotion: Promotion,
  { configurations, approvals, releases, clock }: VotePorts,
): Promise<boolean> {
  const [asked, approval, release] = await Promise.all([
    currentVoting(promotion, configurations),
    approvals.read(promotion.id, promotion.plan ?? ""),
    releases.read(promotion),
  ]);
  return (
    asked.kind !== "ask" ||
    voteIsDecided(approval, clock.now(), asked.voting) ||
    voteIsPointless(promotion, release)
  );
}

/**
 * DescribeExecution is eventually consistent (API reference): of an execution this young,
 * `undefined` does not say that it is lost.
 */
const young = 60_000;

/** Whether an execution of which the status was asked runs no more. */
export function isOver(
  { openedAt }: Pick<Promotion, "openedAt">,
  status: ExecutionStatus | undefined,
  now: number,
): boolean {
  return status === undefined ? now >= openedAt + young : status !== "running";
}
