import type { Difference, Plan } from "./plan.ts";
import type { Ending, Promotion } from "./promotion.ts";
import type { Verdict } from "./rules/rule.ts";

/**
 * What people are asked: all that they need to decide, in domain words; the messenger makes blocks
 * of it.
 */
export interface Question {
  readonly promotion: Pick<
    Promotion,
    "id" | "application" | "environment" | "version" | "requester" | "reason" | "replaced"
  >;
  readonly channel: string;
  readonly hash: string;
  readonly plan: Plan;
  readonly verdicts: readonly Verdict[];
  readonly differences: readonly Difference[];
  /** Epoch milliseconds. */
  readonly deadline: number;
  /** Without those who are barred. */
  readonly approvers: readonly string[];
  readonly required: number;
}

/** How a promotion, or one question of it, ended. */
export interface Announcement {
  readonly promotion: Pick<Promotion, "id" | "application" | "environment" | "version">;
  /** `Outdated`: the plan changed. `Repeated`: another message asks the same. */
  readonly ending: Ending | "Outdated" | "Repeated";
  readonly reasons: readonly string[];
  readonly decidedBy: string | undefined;
  /**
   * What people were asked about, so that the message keeps it; undefined: another question
   * follows.
   */
  readonly plan: Pick<Plan, "fromVersion" | "version" | "members" | "back"> | undefined;
}
