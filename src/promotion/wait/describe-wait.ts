import { eligibleVoters, type Approval } from "../../domain/approval.ts";
import { claimedUntil } from "../../domain/claim.ts";
import type { Lock } from "../../domain/lock.ts";
import { describeObservers, type Observation } from "../../domain/observation.ts";
import { isObserved, type Promotion } from "../../domain/promotion.ts";
import type { Need, PortsFor } from "../../ports/ports.ts";
import type { Wait } from "../../ports/waits.ts";
import { currentVoting, type CurrentVoting } from "../question/current-voting.ts";
import { findEnvironment } from "../record/find-environment.ts";
import { describeWaiter } from "./explain-turn.ts";

export const describeWaitNeeds = [
  "waits.read",
  "approvals.read",
  "environments.readLock",
  "releases.read",
] as const satisfies readonly Need[];
export type DescribeWaitPorts = PortsFor<typeof describeWaitNeeds>;

/** What an open promotion waits for, in words; never its token. */
export interface WaitingFor {
  readonly kind: Wait["kind"] | "settle" | "claim" | "observation";
  readonly what: string;
  /** Epoch milliseconds. Of facts: when it checks again at the latest. */
  readonly until: number;
}

/** undefined: it is running, or has ended. */
export async function describeWait(
  promotion: Promotion,
  ports: DescribeWaitPorts,
): Promise<WaitingFor | undefined> {
  if (promotion.ending !== undefined) return undefined;
  if (promotion.observing && isObserved(promotion)) {
    return describeWatching(promotion, promotion.observing, ports);
  }
  const wait = await ports.waits.read(promotion.id);
  // A wait that timed out stays stored until the next one.
  if (wait && wait.until > ports.clock.now()) return describeSleep(promotion, wait, ports);
  return promotion.members === undefined
    ? describeSettling(promotion, ports)
    : describeClaim(promotion, ports);
}

/** It is looked at until then, and a little longer where the last look is unclear. */
async function describeWatching(
  promotion: Promotion,
  { until }: Observation,
  { configurations }: DescribeWaitPorts,
): Promise<WaitingFor> {
  const found = findEnvironment(await configurations.read(), promotion);
  const policy = "unknown" in found ? undefined : found.environment.observe;
  const watched = policy ? ` (${describeObservers(policy)})` : "";
  return { kind: "observation", until, what: `its release to stay well${watched}` };
}

/**
 * The owner of the environment does not begin while functions of earlier promotions may still
 * write.
 */
async function describeClaim(
  { id, application, environment }: Promotion,
  { environments, clock }: DescribeWaitPorts,
): Promise<WaitingFor | undefined> {
  const { owner, claims } = await environments.readLock({ application, environment });
  const until = claimedUntil(claims);
  if (owner?.promotion !== id || owner.phase !== "waiting" || until <= clock.now()) {
    return undefined;
  }
  return {
    kind: "claim",
    what: "a function of an earlier promotion, which may still be writing",
    until,
  };
}

async function describeSleep(
  promotion: Promotion,
  { kind, until }: Wait,
  { environments, approvals, configurations }: DescribeWaitPorts,
): Promise<WaitingFor> {
  switch (kind) {
    case "facts":
      return { kind, until, what: describeFacts(promotion) };
    case "turn":
      return { kind, until, what: describeTurn(await environments.readLock(promotion)) };
    case "vote":
      return {
        kind,
        until,
        what: describeVoters(
          await approvals.read(promotion.id, promotion.plan ?? ""),
          await currentVoting(promotion, configurations),
        ),
      };
    default:
      return kind satisfies never;
  }
}

function describeTurn({ owner }: Lock): string {
  return owner ? `its turn behind ${describeWaiter(owner)}` : "its turn";
}

function describeFacts({ verdicts = [] }: Promotion): string {
  return (
    verdicts
      .flatMap(({ kind, rule, reason }) => (kind === "wait" ? [`${rule} (${reason})`] : []))
      .join("; ") || "what the rules read"
  );
}

function describeVoters(approval: Approval | undefined, current: CurrentVoting): string {
  const voted = approval?.votes.map(({ user }) => user) ?? [];
  const left =
    current.kind === "required"
      ? eligibleVoters(current.voting).filter((user) => !voted.includes(user))
      : [];
  return left.length === 0 ? "a vote" : `a vote of ${left.join(" or ")}`;
}

async function describeSettling(
  promotion: Promotion,
  { releases, clock }: DescribeWaitPorts,
): Promise<WaitingFor | undefined> {
  const { settlesAt = 0, final } = (await releases.read(promotion)) ?? {};
  return final === undefined && settlesAt > clock.now()
    ? {
        kind: "settle",
        what: `${promotion.version}, which was rebuilt, to stay unchanged`,
        until: settlesAt,
      }
    : undefined;
}
