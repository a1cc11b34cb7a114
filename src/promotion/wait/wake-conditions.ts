import { approvalState, type Approval, type Voting } from "../../domain/approval.ts";
import type { Lock } from "../../domain/lock.ts";
import type { Promotion } from "../../domain/promotion.ts";
import { wasRebuilt, type CollectedRelease } from "../../domain/release.ts";
import type { Need, PortsFor } from "../../ports/ports.ts";
import type { ExecutionStatus } from "../../ports/workflow.ts";
import { currentVoting } from "../question/current-voting.ts";

/**
 * Whether what a sleeping promotion waits for is in the table already; checked by the await itself
 * and by `reconcile`.
 */
export function factsChanged({
  nudgedAt,
  verifiedAt,
}: Pick<Promotion, "nudgedAt" | "verifiedAt">): boolean {
  return nudgedAt !== undefined && verifiedAt !== undefined && nudgedAt >= verifiedAt;
}

/** Whether somebody has stopped it, so that it must not go on sleeping. */
export function isStopped({ cancel, abort }: Pick<Promotion, "cancel" | "abort">): boolean {
  return cancel !== undefined || abort !== undefined;
}

/** The next in an unsettled environment sleeps until a person has settled it. */
export function isItsTurn(
  { id }: Pick<Promotion, "id">,
  { owner, next, unsettled }: Lock,
): boolean {
  return (
    owner?.promotion === id ||
    next?.promotion !== id ||
    (owner === undefined && unsettled === undefined)
  );
}

function isVoteDecided(approval: Approval | undefined, now: number, voting: Voting): boolean {
  return approval !== undefined && approvalState(approval, now, voting) !== "pending";
}

/** No vote can get it promoted. */
export function isVotePointless(
  promotion: Promotion,
  release: CollectedRelease | undefined,
): boolean {
  return release !== undefined && wasRebuilt(release, promotion);
}

export const voteNeeds = ["approvals.read", "releases.read"] as const satisfies readonly Need[];

/**
 * Whether there is nothing left to wait for: decided, pointless, or no approval required any
 * longer.
 */
export async function isVoteOver(
  promotion: Promotion,
  { configurations, approvals, releases, clock }: PortsFor<typeof voteNeeds>,
): Promise<boolean> {
  const [current, approval, release] = await Promise.all([
    currentVoting(promotion, configurations),
    approvals.read(promotion.id, promotion.plan ?? ""),
    releases.read(promotion),
  ]);
  return (
    current.kind !== "required" ||
    isVoteDecided(approval, clock.now(), current.voting) ||
    isVotePointless(promotion, release)
  );
}

/**
 * DescribeExecution is eventually consistent (API reference): of an execution this young,
 * `undefined` does not say that it is lost.
 */
const young = 60_000;

/** Whether an execution with this status has ended. */
export function isOver(
  { openedAt }: Pick<Promotion, "openedAt">,
  status: ExecutionStatus | undefined,
  now: number,
): boolean {
  return status === undefined ? now >= openedAt + young : status !== "running";
}
