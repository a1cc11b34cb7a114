import { isApproved } from "../../domain/approval.ts";
import { claimedUntil } from "../../domain/claim.ts";
import { formatTime } from "../../domain/format-time.ts";
import { shortHash } from "../../domain/hash.ts";
import { startWriting } from "../../domain/lock/write.ts";
import type { Conclusion } from "../../domain/promotion.ts";
import type { Need, PortsFor } from "../../ports/ports.ts";
import { votingOf } from "../question/current-voting.ts";
import { changeLock, changeLockNeeds } from "../record/change-lock.ts";
import { findEnvironment, environmentRemoved } from "../record/find-environment.ts";
import type { ResolvedPromotion } from "../record/open-promotion.ts";
import { environmentChanged, policyChanged, policyHash } from "../record/policy-hash.ts";
import {
  rebuildConclusion,
  rebuildConclusionNeeds,
  rebuiltReason,
} from "../release/rebuild-conclusion.ts";
import { secondsUntil } from "../step/step-result.ts";
import { end, endAs, go, step, type Decision } from "../step/step.ts";
import { supersededReason } from "../wait/explain-turn.ts";

const needs = [
  ...changeLockNeeds,
  ...rebuildConclusionNeeds,
  "releases.finalise",
  "approvals.read",
] as const satisfies readonly Need[];
type BeginWritingPorts = PortsFor<typeof needs>;

/**
 * The point of no return: makes the digests final, then takes the lock from waiting to writing
 * under exactly the approved plan.
 */
export const beginWriting = step({
  name: "BeginWriting",
  needs,
  async run(promotion, ports): Promise<Decision<"writing" | "stale" | "busy">> {
    const { id, fence = -1, plan = "" } = promotion;
    const claim = { promotion: id, fence, plan, now: ports.clock.now() };
    const lock = await ports.environments.readLock(promotion);
    const possible = startWriting(lock, claim);
    const objection =
      possible.kind === "same" ? undefined : await policyObjection(promotion, ports);
    if (objection) return objection;
    if (possible.kind === "busy") return awaitClaims(claimedUntil(lock.claims), claim.now);
    if (possible.kind !== "write" && possible.kind !== "same") {
      return explainRefusal(promotion, possible, ports);
    }
    const rebuilt = possible.kind === "write" ? await finalise(promotion, ports) : undefined;
    if (rebuilt) return endAs(rebuilt);
    const begun = await changeLock(ports.environments, promotion, (current) =>
      startWriting(current, claim),
    );
    if (begun.kind !== "write" && begun.kind !== "same") {
      return explainRefusal(promotion, begun, ports);
    }
    const reasons = [`plan ${shortHash(plan)} is being carried out`];
    return go("writing", { change: { progress: "writing" }, reasons });
  },
});

/**
 * From the first release tag on the digests of a version are final. An environment without tags
 * makes none final: it deploys every build of a version, and here no newer one may be there yet.
 */
async function finalise(
  promotion: ResolvedPromotion,
  ports: BeginWritingPorts,
): Promise<Conclusion | undefined> {
  const { tags = [], set, members } = promotion;
  const hasTags = tags.some(({ release }) => release !== undefined);
  if (hasTags && (await ports.releases.finalise(promotion, set, members))) return undefined;
  const superseded = await rebuildConclusion(promotion, ports);
  if (superseded || !hasTags) return superseded;
  return { ending: "Superseded", reasons: [rebuiltReason(promotion)] };
}

function awaitClaims(until: number, now: number): Decision<"busy"> {
  return go("busy", {
    seconds: secondsUntil(until, now),
    reasons: [
      `a function of an earlier promotion may still be writing, until ${formatTime(until)} at the latest`,
    ],
  });
}

/**
 * Why promoter.yml as it is now forbids writing. Not asked once writing has begun: an earlier try
 * has checked it.
 */
async function policyObjection(
  promotion: ResolvedPromotion,
  { configurations, approvals, hash }: BeginWritingPorts,
): Promise<Decision<"stale"> | undefined> {
  const found = findEnvironment(await configurations.read(), promotion);
  if ("unknown" in found) return endAs(environmentRemoved(found));
  if (promotion.verifiedUnder !== policyHash(found, hash)) {
    return go("stale", { reasons: [policyChanged] });
  }
  const { approval: policy } = found.environment;
  if (!policy) return undefined;
  const approval = await approvals.read(promotion.id, promotion.plan ?? "");
  if (isApproved(approval, votingOf(policy, promotion))) return undefined;
  const why =
    approval?.state === "approved"
      ? "its approver may no longer approve"
      : "the newest plan is not the approved one";
  return go("stale", { reasons: [`${why}; verifying again`] });
}

async function explainRefusal(
  promotion: ResolvedPromotion,
  { kind }: { readonly kind: "not-owner" | "cancelled" | "stale" | "busy" },
  { environments }: BeginWritingPorts,
): Promise<Decision<"stale">> {
  switch (kind) {
    case "busy":
    case "stale":
      return go("stale", { reasons: [environmentChanged] });
    case "cancelled":
      return end("Cancelled", ["cancelled before anything was written"]);
    case "not-owner":
      return end("Superseded", [
        supersededReason(promotion, await environments.readLock(promotion)),
      ]);
    default:
      return kind satisfies never;
  }
}
