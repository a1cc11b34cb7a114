import type { PodSpecSource } from "../domain/configuration.ts";
import type { Digest } from "../domain/image/digest.ts";
import type { StoredManifest } from "../domain/image/stored-manifest.ts";
import type { Difference, Plan } from "../domain/plan.ts";
import type { KubernetesObject, ObjectRef } from "../domain/pod-spec/object.ts";
import type { Abort, Ending, EnvironmentKey, Promotion, PromotionId } from "../domain/promotion.ts";

/** The records of promotions. Throws `StoreUnavailable`, `StoreRefused`. */
export interface Promotions {
  read(id: PromotionId): Promise<Promotion | undefined>;
  /** Stores it if there is none of that id; the one that is stored. */
  open(promotion: Promotion): Promise<Promotion>;
  /**
   * Changes the fields named, on condition that the promotion is still open; the record afterwards.
   * Throws `PromotionClosed`.
   */
  update(id: PromotionId, change: PromotionChange): Promise<Promotion>;
  /**
   * Sets `cancel` once, while open; the record afterwards, or undefined when it has ended or does
   * not exist.
   */
  markCancelled(
    id: PromotionId,
    cancel: { readonly by: string; readonly at: number },
  ): Promise<Promotion | undefined>;
  /**
   * Sets `abort` once, while the promotion can still be stopped: it has not ended, nothing was
   * concluded, and its release is neither rolled out nor being rolled back. The record afterwards,
   * or undefined when that is over.
   */
  markAborted(id: PromotionId, abort: Abort): Promise<Promotion | undefined>;
  /**
   * Sets the progress `rolled-out`, unless the promotion was aborted: false. Of the two only one
   * succeeds. Throws `PromotionClosed`.
   */
  markRolledOut(id: PromotionId): Promise<boolean>;
  /**
   * Closes it once; a second call changes nothing. The record as it is then, with the ending that
   * was first.
   */
  close(id: PromotionId, closing: PromotionEnd): Promise<Promotion>;
  /** Marks it once: false when another has done so. */
  markAnnounced(id: PromotionId): Promise<boolean>;

  /**
   * The plan is immutable, under its content hash. What it would change depends on what is there,
   * so those are of the newest look.
   */
  storePlan(id: PromotionId, stored: StoredPlan): Promise<void>;
  readPlan(id: PromotionId, hash: string): Promise<StoredPlan | undefined>;
  /** Once per promotion: false when one is stored already. */
  storeSnapshot(id: PromotionId, snapshot: Snapshot): Promise<boolean>;
  readSnapshot(id: PromotionId): Promise<Snapshot | undefined>;
  /** What the newest apply made, replaced by the next. */
  storeApplied(id: PromotionId, applied: Applied): Promise<void>;
  readApplied(id: PromotionId): Promise<Applied | undefined>;

  /**
   * Keeps a manifest, so that the moving tag can be written without reading it again; the digest
   * proves the bytes.
   */
  keepManifest(id: PromotionId, manifest: StoredManifest): Promise<void>;
  readManifest(id: PromotionId, digest: Digest): Promise<StoredManifest | undefined>;

  /**
   * One entry in the history of an environment, under the time the promotion was opened. Repeating
   * it changes nothing.
   */
  record(entry: HistoryEntry): Promise<void>;
  /** Newest first. */
  history(key: EnvironmentKey, query: HistoryQuery): Promise<HistoryPage>;
}

export type PromotionChange = Partial<
  Pick<
    Promotion,
    | "members"
    | "set"
    | "fence"
    | "verdicts"
    | "tags"
    | "tagsFound"
    | "verifiedAt"
    | "verifiedUnder"
    | "nudgedAt"
    | "pushedAt"
    | "plan"
    | "replaced"
    | "rounds"
    | "entered"
    | "progress"
    | "observing"
    | "applied"
    | "trouble"
    | "conclusion"
    | "approvedBy"
  >
>;

export type PromotionEnd = Required<Pick<Promotion, "ending" | "reasons">> & {
  readonly closedAt: number;
  readonly progress?: Promotion["progress"];
};

export interface StoredPlan {
  readonly hash: string;
  readonly plan: Plan;
  readonly differences: readonly Difference[];
}

/**
 * What was live before the first change: per object the fields that we own or were about to own, or
 * that it did not exist.
 */
export interface Snapshot {
  readonly takenAt: number;
  /** Where: promoter.yml may name another cluster by the time it is put back. */
  readonly cluster: string;
  /**
   * How: the environment may be changed there too, or be gone. Absent in snapshots of before this
   * was kept; promoter.yml counts then.
   */
  readonly podSpec?: Pick<PodSpecSource, "force" | "rollout"> &
    Partial<Pick<PodSpecSource, "failFast">>;
  readonly objects: readonly SnapshotObject[];
}

export type SnapshotObject =
  | { readonly kind: "existed"; readonly object: KubernetesObject }
  | { readonly kind: "absent"; readonly ref: ObjectRef }
  /** It does its work once, so it is not put back. */
  | { readonly kind: "left"; readonly ref: ObjectRef };

/** The objects as applied, with the generation that the rollout must reach. */
export interface Applied {
  readonly at: number;
  /** undefined: the plan has none, and there are no objects. */
  readonly cluster: string | undefined;
  /**
   * How long the rollout may take, milliseconds. Absent where the snapshot does not say it;
   * promoter.yml counts then.
   */
  readonly rollout?: number;
  /** Whether to give up before that when it is hopeless; absent: no. */
  readonly failFast?: boolean;
  /** Epoch milliseconds: when the first stage was applied; absent: this is the first. */
  readonly since?: number;
  /** The stage to apply once these objects are ready; absent: nothing is left to apply. */
  readonly next?: number;
  readonly objects: readonly AppliedObject[];
}

export interface AppliedObject {
  readonly ref: ObjectRef;
  readonly generation: number;
  /** It was complete as soon as it was applied, so it need not be looked at again. */
  readonly settled?: true;
  /** It was removed, to be created again, and is waited for until it is gone. */
  readonly going?: true;
}

export interface HistoryEntry extends EnvironmentKey {
  readonly id: PromotionId;
  readonly version: string;
  readonly set: string | undefined;
  readonly openedAt: number;
  readonly closedAt: number;
  readonly ending: Promotion["ending"];
  readonly reasons: readonly string[];
  readonly requester: string | undefined;
  readonly back?: true;
  /** Absent: nobody was asked, or nobody approved. */
  readonly approvedBy?: string;
}

export interface HistoryQuery {
  readonly limit: number;
  /** Continues a page. */
  readonly before?: string;
  /** Only what ended like this. */
  readonly endings?: readonly Ending[];
}

export interface HistoryPage {
  readonly entries: readonly HistoryEntry[];
  readonly before: string | undefined;
}
