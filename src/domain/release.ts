import { canonicalJson, type Hash } from "./hash.ts";
import { shortDigest, type Digest } from "./image/digest.ts";
import type { RepositoryName } from "./image/repository.ts";
import { lookUp } from "./look-up.ts";

/** Application and version: the name of a release. */
export interface ReleaseKey {
  readonly application: string;
  readonly version: string;
}

/** One image of a release. */
export interface Member {
  readonly repository: RepositoryName;
  readonly digest: Digest;
}

/** A member as the collector saw it arrive. */
export interface CollectedMember extends Member {
  /** Epoch milliseconds of the push event. */
  readonly pushedAt: number;
  /** Ids of the push events that were counted for this member, newest last, at most 20. */
  readonly events: readonly string[];
}

/** What is known of one version of an application: the collector's record. */
export interface CollectedRelease extends ReleaseKey {
  readonly members: Readonly<Record<string, CollectedMember>>;
  /** Epoch milliseconds. */
  readonly firstSeen: number;
  /** When a rebuilt version counts as settled; absent while no digest ever changed. */
  readonly settlesAt: number | undefined;
  /**
   * The set that is written to production or about to be: from then on the digests of this version
   * are final.
   */
  readonly final: string | undefined;
  /** The members of that set: repository -> digest. */
  readonly finalMembers?: Readonly<Record<string, Digest>> | undefined;
  /** How many attempts came after the first one, by environment and set (`production/<set>`). */
  readonly attempts: Readonly<Record<string, number>>;
}

/** Hash over the digests of all members: 64 hex digits. The identity of what is promoted. */
export function setHash(members: readonly Member[], hash: Hash): string {
  const pairs = members.map(({ repository, digest }) => [repository, digest] as const);
  return hash(canonicalJson(Object.fromEntries(pairs)));
}

/** The repositories of which no image has arrived, in the order of the configuration. */
export function missingMembers(
  repositories: readonly RepositoryName[],
  present: readonly Member[],
): readonly RepositoryName[] {
  const arrived = new Set(present.map((member) => member.repository));
  return repositories.filter((repository) => !arrived.has(repository));
}

/**
 * Whether a promotion carries other digests than its version has now, so that they can never become
 * the final ones.
 */
export function wasRebuilt(
  { final, members: collected }: Pick<CollectedRelease, "final" | "members">,
  {
    set,
    members = [],
  }: { readonly set: string | undefined; readonly members: readonly Member[] | undefined },
): boolean {
  if (final !== undefined) return set !== final;
  return members.some(
    ({ repository, digest }) => (lookUp(collected, repository)?.digest ?? digest) !== digest,
  );
}

/**
 * How the members of a set differ from the images of promoter.yml: it may have changed since the
 * set was completed.
 */
export function changedImages(
  repositories: readonly RepositoryName[],
  members: readonly Member[],
): { readonly missing: readonly RepositoryName[]; readonly surplus: readonly RepositoryName[] } {
  const surplus = members.flatMap(({ repository }) =>
    repositories.includes(repository) ? [] : [repository],
  );
  return { missing: missingMembers(repositories, members), surplus };
}

/**
 * Which members are not the final ones, with both digests in the short form that people see
 * elsewhere.
 */
export function differencesFromFinal(
  members: readonly Member[],
  final: Readonly<Record<string, Digest>> | undefined,
): readonly string[] {
  if (!final) return [];
  const current = new Map<string, Digest>(
    members.map(({ repository, digest }) => [repository, digest]),
  );
  const changed = [...new Set([...current.keys(), ...Object.keys(final)])].filter(
    (repository) => current.get(repository) !== final[repository],
  );
  return changed.map(
    (repository) =>
      `${repository} is ${digestText(current.get(repository))}, final is ${digestText(final[repository])}`,
  );
}

function digestText(digest: Digest | undefined): string {
  return digest ? shortDigest(digest) : "no member";
}

/** The members in the order of the configuration, or what is missing. */
export function completeSet(
  repositories: readonly RepositoryName[],
  present: Readonly<Record<string, Member>>,
):
  | { readonly kind: "complete"; readonly members: readonly Member[] }
  | { readonly kind: "incomplete"; readonly missing: readonly RepositoryName[] } {
  const found = repositories.flatMap((repository) => lookUp(present, repository) ?? []);
  if (found.length < repositories.length) {
    return { kind: "incomplete", missing: missingMembers(repositories, found) };
  }
  return {
    kind: "complete",
    members: found.map(({ repository, digest }) => ({ repository, digest })),
  };
}
