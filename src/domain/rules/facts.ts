import type { Digest } from "../image/digest.ts";
import type { ImageTree } from "../image/image-tree.ts";
import type { Platform } from "../image/platform.ts";
import type { RepositoryName } from "../image/repository.ts";
import type { VersionOrder } from "../version-order.ts";

/** One image that a node could choose: the only one, or any of those below an index, however deep. */
export interface PlatformImage {
  readonly digest: Digest;
  /** What its index says, else its config; empty when neither does. */
  readonly platform: Platform;
  readonly scan: ScanState;
}

/**
 * What the registry knows of the vulnerabilities of one platform image. Basic scanning ends in
 * `complete`, enhanced scanning stays "ACTIVE", which is complete here. Counts by upper-case
 * severity; a severity that is absent has none. `examples`: a few of each severity.
 */
export type ScanState =
  | {
      readonly kind: "complete";
      readonly counts: Readonly<Record<string, number>>;
      readonly completedAt: number | undefined;
      readonly examples?: readonly Vulnerability[];
    }
  | { readonly kind: "in-progress" }
  /** It was not scanned, or scanning is off: never "no findings". */
  | { readonly kind: "absent" }
  | { readonly kind: "unsupported"; readonly reason: string }
  | { readonly kind: "failed"; readonly reason: string };

/** One finding, as shown to people: short and printable. */
export interface Vulnerability {
  /** `CVE-2025-1234`. */
  readonly name: string;
  /** Upper case. */
  readonly severity: string;
  /** `openssl 3.0.1`. */
  readonly package?: string;
  /** The version that fixes it; empty: there is none yet; absent: the scan does not say. */
  readonly fixedIn?: string;
}

/** Facts about one member, by the digest that the release names. */
export interface ImageFacts {
  /** Absent: that of its repository. */
  readonly name?: string | undefined;
  readonly repository: RepositoryName;
  readonly digest: Digest;
  readonly state:
    | { readonly kind: "missing" }
    | { readonly kind: "archived" }
    /**
     * Children of the index, layers or configs are gone or archived: it could not be pulled.
     * `elsewhere`: foreign layers that the registry does not hold, so that nodes would run what no
     * scanner has seen.
     */
    | {
        readonly kind: "incomplete";
        readonly missing: readonly Digest[];
        readonly elsewhere: readonly Digest[];
      }
    /**
     * A node could choose something from it that cannot be judged; `fault` continues a sentence
     * about the image.
     */
    | { readonly kind: "unjudgeable"; readonly fault: string }
    /** Objects, by its place in promoter.yml: no node runs anything of it. */
    | { readonly kind: "artifact"; readonly pushedAt: number }
    /** `images`: all that a node could choose. `tree`: how it does. */
    | {
        readonly kind: "present";
        readonly pushedAt: number;
        readonly images: readonly PlatformImage[];
        readonly tree: ImageTree;
      };
}

/** Facts about the release as a whole and what runs now. */
export interface ReleaseFacts {
  readonly application: string;
  readonly environment: string;
  readonly version: string;
  readonly set: string;
  readonly order: VersionOrder;
  readonly trigger: "push" | "person";
  /** It goes back to the digests that this version had when it ran here. */
  readonly back?: true | undefined;
  /** The newest push of a member, epoch milliseconds. */
  readonly pushedAt: number;
  readonly current: CurrentFacts | undefined;
  /** Why `versions` of promoter.yml does not let this version come here. */
  readonly versionRefusal?: string | undefined;
  /**
   * Whether a newer build of the version that runs may follow it: so where no release tag is
   * written. Absent: no.
   */
  readonly takesRebuilds?: boolean;
  /** Digests that are final for this version, when a release tag was written for it already. */
  readonly final: string | undefined;
  /** The members that differ from the final ones, with both digests. */
  readonly rebuilt?: readonly string[];
  readonly hold:
    | { readonly by: string; readonly since: number; readonly reason: string }
    | undefined;
  /** The environment went back, and newer versions stay away. */
  readonly pin?:
    | {
        readonly version: string;
        readonly by: string;
        readonly since: number;
        readonly reason: string;
      }
    | undefined;
  readonly unsettled: { readonly by: string; readonly reason: string } | undefined;
}

/** What runs in the environment. */
export interface CurrentFacts {
  readonly version: string;
  readonly set: string;
  readonly pushedAt: number;
  /** Why that version would no longer be accepted here: it does not block other versions. */
  readonly versionRefusal?: string | undefined;
}

export interface MomentFacts {
  /** Epoch milliseconds. */
  readonly now: number;
  /** When the promotion was opened: deadlines of waits count from here. */
  readonly openedAt: number;
}
