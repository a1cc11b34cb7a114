import { canonicalJson, type Hash } from "./hash.ts";
import type { Tag } from "./image/tag.ts";
import type { JsonRecord } from "./json.ts";
import type { ObservePolicy } from "./observation.ts";
import type { Takeover } from "./pod-spec/adoption.ts";
import type { KubernetesObject } from "./pod-spec/object.ts";
import type { EnvironmentKey, Promotion } from "./promotion.ts";
import type { Member } from "./release.ts";
import type { Verdict } from "./rules/rule.ts";

/** All that a promotion intends. Immutable once stored. */
export interface Plan extends EnvironmentKey {
  /** Both undefined: tags only; then there are no objects. */
  readonly cluster: string | undefined;
  readonly namespace: string | undefined;
  readonly version: string;
  /** The version that ran when the plan was made; undefined: nothing ran. */
  readonly fromVersion: string | undefined;
  /** It goes back; newer versions then stay away until somebody resumes. */
  readonly back?: true;
  /** How the release is watched after its rollout. */
  readonly observe?: ObservePolicy;
  readonly members: readonly PlannedMember[];
  /** The objects with every member pinned to `registry/repository@digest`. */
  readonly objects: readonly KubernetesObject[];
  readonly verdicts: readonly Pick<Verdict, "rule" | "subject" | "kind">[];
  /**
   * Fields that others have written and that the promotion replaces or removes: who approves the
   * plan has seen each. Absent in plans of before this was kept.
   */
  readonly takeovers?: readonly PlannedTakeover[];
  /** What is left out of the objects when they are applied, whatever is there by then. */
  readonly rules?: readonly string[];
}

export interface PlannedTakeover extends Takeover {
  readonly object: string;
}

/** Which version a digest is, as far as it is known: of the plan, and of what it replaces. */
export function knownVersions(
  { members, version, fromVersion }: Pick<Plan, "members" | "version" | "fromVersion">,
  { replaced = [] }: Pick<Promotion, "replaced">,
): ReadonlyMap<string, string> {
  const before = replaced.flatMap(({ digest }) =>
    fromVersion === undefined ? [] : [[digest, fromVersion] as const],
  );
  return new Map([...before, ...members.map(({ digest }) => [digest, version] as const)]);
}

/** How people see that a plan has no cluster. */
export const tagsOnly = "tags only, no cluster";

export interface PlannedMember extends Member {
  /** undefined: the environment has no tags. */
  readonly releaseTag: Tag | undefined;
  readonly movingTag: Tag | undefined;
}

/**
 * What the plan would change, for people; not part of the hash, because it depends on what is there
 * already.
 */
export interface Difference {
  readonly object: string;
  readonly kind: "create" | "change" | "same";
  /** Field paths with old and new value as text, of a Secret never a value; at most 20 an object. */
  readonly fields: readonly {
    readonly path: string;
    readonly from: string | undefined;
    readonly to: string | undefined;
    /** Who else has written it; absent: only promotions, or nobody. */
    readonly by?: readonly string[];
  }[];
  /** Fields of the pod template that change, so that its pods are replaced; absent: none. */
  readonly restartedBy?: readonly string[];
  /** Who scales it, so that its `spec.replicas` stay as they are; absent: nobody. */
  readonly scaledBy?: string;
  /** What else is to be known of it: that it is replaced and why, or that a rollback leaves it. */
  readonly note?: string;
  /** How many fields more differ than are listed; absent: none. */
  readonly more?: number;
  /**
   * The whole object, as it may be shown: Secrets without values, nothing that the server alone
   * writes. Only of what is created or changes, in plans that start nothing, as far as they are
   * small enough; absent where it is deleted and created again.
   */
  readonly states?: {
    /** undefined: it does not exist. */
    readonly live: JsonRecord | undefined;
    readonly result: JsonRecord;
  };
  /** The server could not be asked, because the namespace does not exist yet. */
  readonly unchecked: boolean;
}

/**
 * The hash that an approval binds to: over what is intended, and over what others have written that
 * goes with it; never over the rest of the present state, reasons, counts, ages or times.
 */
export function contentHash(plan: Plan, hash: Hash): string {
  return hash(canonicalJson(plan));
}

/** For people, of a plan that goes back: `going back from 1.4.2 to 1.4.1`. */
export function describeGoingBack({
  fromVersion,
  version,
}: Pick<Plan, "fromVersion" | "version">): string {
  return `going back from ${fromVersion ?? "nothing"} to ${version}`;
}
