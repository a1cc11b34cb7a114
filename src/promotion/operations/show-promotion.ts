import type { Approval } from "../../domain/approval.ts";
import type { Hash } from "../../domain/hash.ts";
import { redactObject } from "../../domain/pod-spec/secret-values.ts";
import type { Promotion } from "../../domain/promotion.ts";
import { verifyChain } from "../../domain/trail.ts";
import type { Need } from "../../ports/ports.ts";
import type { StoredPlan } from "../../ports/promotions.ts";
import type { ChainedEntry } from "../../ports/trail.ts";
import { unknownPromotion } from "../record/unknown-promotion.ts";
import type { StepInput } from "../step/step-result.ts";
import { task } from "../step/task.ts";
import { describeWait, describeWaitNeeds, type WaitingFor } from "../wait/describe-wait.ts";

export interface ShownPromotion {
  readonly promotion: Promotion;
  readonly plan: StoredPlan | undefined;
  readonly approval: Approval | undefined;
  readonly trail: readonly ChainedEntry[];
  readonly chain: Chain;
  readonly waitsFor: WaitingFor | undefined;
}

/**
 * Whether the trail is what was appended; else the place of the first entry, from 1 on, that is
 * not.
 */
export type Chain =
  | { readonly kind: "holds" }
  | { readonly kind: "broken"; readonly entry: number };

const needs = [
  ...describeWaitNeeds,
  "promotions.read",
  "promotions.readPlan",
  "trail.read",
] as const satisfies readonly Need[];

/** Everything that is known of one promotion. Reads only. Throws `NotFound`. */
export const showPromotion = task({
  name: "ShowPromotion",
  needs,
  async run({ promotion: id }: StepInput, ports): Promise<ShownPromotion> {
    const { promotions, approvals, trail, hash } = ports;
    const promotion = await promotions.read(id);
    if (!promotion) throw unknownPromotion(id);
    const round = promotion.rounds.at(-1);
    const [plan, approval, entries, waitsFor] = await Promise.all([
      promotion.plan === undefined ? undefined : promotions.readPlan(id, promotion.plan),
      round === undefined ? undefined : approvals.read(id, round),
      trail.read(id),
      describeWait(promotion, ports),
    ]);
    return {
      promotion,
      plan: plan && shownPlan(plan),
      approval,
      trail: entries,
      chain: chainOf(entries, hash),
      waitsFor,
    };
  },
});

function chainOf(entries: readonly ChainedEntry[], hash: Hash): Chain {
  const entry = verifyChain(entries, hash);
  return entry === undefined ? { kind: "holds" } : { kind: "broken", entry };
}

/** Readers of a promotion need not know the secrets of what it runs. */
function shownPlan(stored: StoredPlan): StoredPlan {
  return { ...stored, plan: { ...stored.plan, objects: stored.plan.objects.map(redactObject) } };
}
