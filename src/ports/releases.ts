import type { CollectedMember, CollectedRelease, ReleaseKey } from "../domain/release.ts";

/** The collector: which images of a version have arrived. Throws `StoreUnavailable`, `StoreRefused`. */
export interface Releases {
  read(key: ReleaseKey): Promise<CollectedRelease | undefined>;
  /**
   * Counts one pushed member in a single write and returns the record as it is then, with all
   * members: of two concurrent pushes at least one sees the set complete. `changed`: the digest
   * differs from the one collected before. An older push (by `pushedAt`) never replaces a newer
   * one.
   */
  collect(key: ReleaseKey, push: CollectedPush): Promise<Collected>;
  /**
   * Makes the digests of the version final. false: they are final on another set already, or the
   * collector's set is another one now.
   */
  finalise(
    key: ReleaseKey,
    set: string,
    members: readonly Pick<CollectedMember, "name" | "repository" | "digest">[],
  ): Promise<boolean>;
  /**
   * Raises the attempt counter of `<environment>/<set>` from `from` to `from + 1`; false when
   * somebody else did.
   */
  nextAttempt(
    key: ReleaseKey,
    attempt: { readonly environment: string; readonly set: string; readonly from: number },
  ): Promise<boolean>;
}

export interface CollectedPush extends Omit<CollectedMember, "events"> {
  readonly event: string;
  /** Milliseconds that a changed digest must stay unchanged. */
  readonly settle: number;
  readonly now: number;
}

export interface Collected {
  readonly release: CollectedRelease;
  /** The event was counted before. */
  readonly repeated: boolean;
  readonly changed: boolean;
}
