import type { Hash } from "./hash.ts";
import { canonicalJson } from "./hash.ts";
import type { Digest } from "./image/digest.ts";
import type { Tag } from "./image/tag.ts";
import type { Observation } from "./observation.ts";
import type { Member } from "./release.ts";
import type { Verdict } from "./rules/rule.ts";

/** The name of the execution of the workflow: unique, and of the form in `promotion-id.ts`. */
export type PromotionId = string;

/**
 * How a promotion ended. The first ten are the system doing its work, the last two are failures
 * that alarms see.
 */
export const endings = [
  "Promoted",
  "AlreadyPromoted",
  "Planned",
  "Incomplete",
  "Refused",
  "WaitExpired",
  "Rejected",
  "Expired",
  "Superseded",
  "Cancelled",
  "RolledBack",
  "Failed",
] as const;
export type Ending = (typeof endings)[number];

/** One environment of one application. */
export interface EnvironmentKey {
  readonly application: string;
  readonly environment: string;
}

/** The record of a promotion (`META`). The steps read it instead of believing their input. */
export interface Promotion extends EnvironmentKey {
  readonly id: PromotionId;
  readonly version: string;
  readonly mode: "promote" | "plan";
  /** It goes back to what an older version was when it ran in the environment. */
  readonly back?: true;
  /** A push that completed the set, or a person (console, AWS client, CLI). */
  readonly trigger: "push" | "person";
  /** Who claims to have started it: the id of a person as a rule. A claim that can only bar a voter. */
  readonly requester: string | undefined;
  readonly reason: string | undefined;
  /** ARN of the execution. */
  readonly execution: string;
  /** Epoch milliseconds. */
  readonly openedAt: number;
  /** The digests, carried from `ResolveRelease` on. */
  readonly members: readonly Member[] | undefined;
  readonly set: string | undefined;
  /** The lock's fence when the images were last verified. */
  readonly fence: number | undefined;
  readonly verdicts: readonly Verdict[] | undefined;
  readonly tags: readonly MemberTags[] | undefined;
  /** Content hash of the newest plan. */
  readonly plan: string | undefined;
  /**
   * What ran when that plan was made, for people. Absent: nothing, or the record is older than
   * this.
   */
  readonly replaced?: readonly Member[] | undefined;
  /** Hashes that people were asked about, oldest first. */
  readonly rounds: readonly string[];
  /**
   * It once took the lock or the place `next`; a promotion that entered and now holds neither is
   * superseded.
   */
  readonly entered: boolean;
  readonly cancel: { readonly by: string; readonly at: number } | undefined;
  /** Somebody wants it stopped, whatever it does: until the new release is what runs. */
  readonly abort?: Abort;
  readonly progress: Progress;
  /** Absent: its release is not watched, or not yet. */
  readonly observing?: Observation;
  /** How much of the objects is applied and ready; absent: nothing yet. */
  readonly applied?: AppliedStages;
  /** Why the rollout was given up, kept for the ending. */
  readonly trouble: readonly string[] | undefined;
  /**
   * What the production tags of the members pointed at when the images were last verified: name ->
   * tag -> digest.
   */
  readonly tagsFound: Readonly<Record<string, Readonly<Record<string, Digest>>>> | undefined;
  /**
   * When the facts were last read, and when an event last said that they may have changed (epoch
   * milliseconds).
   */
  readonly verifiedAt: number | undefined;
  /**
   * Hash over what of promoter.yml they were verified under. Absent in records written before this
   * was kept: they are verified again.
   */
  readonly verifiedUnder?: string | undefined;
  readonly nudgedAt: number | undefined;
  /** The newest push of a member by the registry's clock (epoch milliseconds). */
  readonly pushedAt: number | undefined;
  /** How a step decided that it ends; `ClosePromotion` makes it the ending. */
  readonly conclusion: Conclusion | undefined;
  /** Who approved, where people were asked. */
  readonly approvedBy?: string;
  readonly ending: Ending | undefined;
  readonly reasons: readonly string[];
  readonly closedAt: number | undefined;
  readonly announced: boolean;
}

export interface AppliedStages {
  /** So many stages of the plan. */
  readonly stages: number;
  /** Epoch milliseconds: when the first was applied. */
  readonly since: number;
}

export interface Abort {
  readonly by: string;
  /** Epoch milliseconds. */
  readonly at: number;
  readonly reason?: string;
}

export function describeAbort({ by, reason }: Omit<Abort, "at">): string {
  return reason === undefined ? `aborted by ${by}` : `aborted by ${by}: ${reason}`;
}

export interface Conclusion {
  readonly ending: Ending;
  readonly reasons: readonly string[];
}

/**
 * How far the writing got; only ever moves on, in this order. `rolled-out`: the new release is what
 * runs.
 */
export const progressOrder = [
  "none",
  "writing",
  "tagged",
  "deploying",
  "rolled-out",
  "rolling-back",
  "rolled-back",
] as const;
export type Progress = (typeof progressOrder)[number];

/** Whether its release runs and is watched, before it counts as what runs. */
export function isObserved({ observing, progress }: Promotion): boolean {
  return (
    observing !== undefined && progressOrder.indexOf(progress) < progressOrder.indexOf("rolled-out")
  );
}

/** The production tags of one member as they were found. */
export interface MemberTags {
  /** Absent: that of its repository. */
  readonly name?: string | undefined;
  readonly repository: string;
  /** undefined: the environment has no tags. */
  readonly release: { readonly tag: Tag; readonly state: "absent" | "in-place" } | undefined;
  readonly moving:
    | { readonly tag: Tag; readonly state: "absent" | "in-place" | "elsewhere" }
    | undefined;
}

/**
 * What one attempt to promote one set into one environment is called; the input that goes with it
 * is byte-stable too.
 */
export interface PromotionName extends EnvironmentKey {
  readonly version: string;
  readonly set: string;
  readonly attempt: number;
}

/**
 * `p-<40 hex>-<attempt>`: the same push twice gives the same name, so Step Functions refuses the
 * second execution.
 */
export function promotionId(
  { application, environment, version, set, attempt }: PromotionName,
  hash: Hash,
): PromotionId {
  return `p-${hash(canonicalJson({ application, environment, version, set })).slice(0, 40)}-${attempt}`;
}

/**
 * Endings after which a push that was not counted yet may try again. A `Failed` one only if nothing
 * was written.
 */
export function mayStartAgain(promotion: Pick<Promotion, "ending" | "progress">): boolean {
  const passing: readonly Ending[] = ["WaitExpired", "Expired", "Superseded"];
  if (promotion.ending !== undefined && passing.includes(promotion.ending)) return true;
  return promotion.ending === "Failed" && promotion.progress === "none";
}

/** After these the reasons say what was done, after all others why it was not. */
export const goodEndings: readonly Ending[] = ["Promoted", "AlreadyPromoted", "Planned"];

export function isFailure(ending: Ending): boolean {
  return ending === "RolledBack" || ending === "Failed";
}
