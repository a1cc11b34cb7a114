import { isApproved } from "../../domain/approval.ts";
import { claimedUntil } from "../../domain/claim.ts";
import { formatTime } from "../../domain/format-time.ts";
import type { Transition } from "../../domain/lock.ts";
import { startWriting } from "../../domain/lock/write.ts";
import type { Approvals } from "../../ports/approvals.ts";
import type { Clock } from "../../ports/clock.ts";
import type { Configurations } from "../../ports/configurations.ts";
import type { Environments } from "../../ports/environments.ts";
import type { Promotions } from "../../ports/promotions.ts";
import type { Releases } from "../../ports/releases.ts";
import { changeLock } from "../record/change-lock.ts";
import { votingOf } from "../record/current-voting.ts";
import { findEnvironment, gone } from "../record/find-environment.ts";
import { resolvedPromotion, stopped, type ResolvedPromotion } from "../record/open-promotion.ts";
import { conclude, secondsUntil, type StepInput, type StepResult } from "../record/step-result.ts";
import { policyChanged, verifiedPolicy } from "../record/verified-policy.ts";
import { supersededByRebuild, type SupersededPorts } from "../release/superseded-by-rebuild.ts";
import { whyNotNext } from "../wait/explain-turn.ts";

export interface BeginWritingPorts extends SupersededPorts {
  readonly configurations: Configurations;
  readonly promotions: Promotions;
  readonly environments: Environments;
  readonly releases: Pick<Releases, "read" | "finalise">;
  readonly approvals: Pick<Approvals, "read">;
  readonly clock: Clock;
}

/**
 * The point of no return: makes the digests final, then takes the lock from waiting to writing
 * under exactly the approved plan.
 */
export async function beginWriting(
  { promotion: id }: StepInput,
  ports: BeginWritingPorts,
): Promise<StepResult<"writing" | "stale" | "busy" | "close">> {
  const promotion = await resolvedPromotion(ports.promotions, id);
  const stop = stopped(promotion);
  if (stop) return conclude(ports.promotions, promotion, stop);
  const claim = {
    promotion: id,
    fence: promotion.fence ?? -1,
    plan: promotion.plan ?? "",
    now: ports.clock.now(),
  };
  const lock = await ports.environments.readLock(promotion);
  const possible = startWriting(lock, claim);
  const policy = possible.kind === "same" ? "holds" : await judgePolicy(promotion, ports);
  if (policy !== "holds") return policy;
  if (possible.kind === "busy") return busyUntil(claimedUntil(lock.claims), claim.now);
  if (possible.kind !== "write" && possible.kind !== "same") {
    return refused(promotion, possible, ports);
  }
  if (!(await ports.releases.finalise(promotion, promotion.set, promotion.members))) {
    const superseded = await supersededByRebuild(promotion, ports);
    return conclude(
      ports.promotions,
      promotion,
      superseded ?? {
        ending: "Superseded",
        reasons: [`${promotion.version} was rebuilt while this promotion was under way`],
      },
    );
  }
  const begun = await changeLock(ports.environments, promotion, (current) =>
    startWriting(current, claim),
  );
  if (begun.kind !== "write" && begun.kind !== "same") return refused(promotion, begun, ports);
  await ports.promotions.update(id, { progress: "writing" });
  return { outcome: "writing", reasons: [`plan ${claim.plan.slice(0, 12)} is being carried out`] };
}

function busyUntil(until: number, now: number): StepResult<"busy"> {
  return {
    outcome: "busy",
    seconds: secondsUntil(until, now),
    reasons: [
      `a function of an earlier promotion may still be writing, until ${formatTime(until)} at the latest`,
    ],
  };
}

/** By promoter.yml as it is now, unless writing has begun already: an earlier try found that it may. */
async function judgePolicy(
  promotion: ResolvedPromotion,
  { configurations, approvals, promotions, hash }: BeginWritingPorts,
): Promise<"holds" | StepResult<"stale" | "close">> {
  const found = findEnvironment(await configurations.read(), promotion);
  if ("unknown" in found) return conclude(promotions, promotion, gone(found));
  if (promotion.verifiedUnder !== verifiedPolicy(found, hash)) {
    return { outcome: "stale", reasons: [policyChanged] };
  }
  const { approval: policy } = found.environment;
  if (!policy) return "holds";
  const approval = await approvals.read(promotion.id, promotion.plan ?? "");
  if (isApproved(approval, votingOf(policy, promotion))) return "holds";
  const why =
    approval?.state === "approved"
      ? "who approved it may not do so any more"
      : "the newest plan is not the approved one";
  return { outcome: "stale", reasons: [`${why}; looking again`] };
}

type Refusal = Exclude<
  Transition<"not-owner" | "cancelled" | "stale" | "busy">,
  { kind: "write" | "same" }
>;

async function refused(
  promotion: ResolvedPromotion,
  { kind }: Refusal,
  { promotions, environments }: BeginWritingPorts,
): Promise<StepResult<"stale" | "close">> {
  switch (kind) {
    case "busy":
    case "stale":
      return {
        outcome: "stale",
        reasons: ["the environment changed since the images were verified; looking again"],
      };
    case "cancelled":
      return conclude(promotions, promotion, {
        ending: "Cancelled",
        reasons: ["cancelled before anything was written"],
      });
    case "not-owner":
      return conclude(promotions, promotion, {
        ending: "Superseded",
        reasons: [whyNotNext(promotion, await environments.readLock(promotion))],
      });
    default:
      return kind satisfies never;
  }
}
