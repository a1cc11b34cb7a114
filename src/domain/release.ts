import { canonicalJson, type Hash } from "./hash.ts";
import { shortDigest, type Digest } from "./image/digest.ts";
import type { RepositoryName } from "./image/repository.ts";
import { lookUp } from "./look-up.ts";
import type { MemberSource } from "./member-source.ts";

/** Application and version: the name of a release. */
export interface ReleaseKey {
  readonly application: string;
  readonly version: string;
}

/** One image of a release. */
export interface Member {
  /** Absent: that of its repository. */
  readonly name?: string | undefined;
  readonly repository: RepositoryName;
  readonly digest: Digest;
}

/** By which it is told from the other members of its application. */
export function memberName({
  name,
  repository,
}: Pick<Member, "name"> & { readonly repository: string }): string {
  return name ?? repository;
}

/** A member of promoter.yml with its digest. A name is kept only where it is not the repository's. */
export function memberOf({ name, repository }: MemberSource, digest: Digest): Member {
  return name === repository ? { repository, digest } : { name, repository, digest };
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
  /** By name. */
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
  /** The members of that set: name -> digest. */
  readonly finalMembers?: Readonly<Record<string, Digest>> | undefined;
  /** How many attempts came after the first one, by environment and set (`production/<set>`). */
  readonly attempts: Readonly<Record<string, number>>;
}

/** Hash over the digests of all members: 64 hex digits. The identity of what is promoted. */
export function setHash(members: readonly Member[], hash: Hash): string {
  const pairs = members.map((member) => [memberName(member), member.digest] as const);
  return hash(canonicalJson(Object.fromEntries(pairs)));
}

/** The names of those of which no image has arrived, in the order of the configuration. */
export function missingMembers(
  sources: readonly MemberSource[],
  present: readonly Member[],
): readonly string[] {
  const arrived = new Set(present.map(memberName));
  return sources.map(({ name }) => name).filter((name) => !arrived.has(name));
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
    (member) => (lookUp(collected, memberName(member))?.digest ?? member.digest) !== member.digest,
  );
}

/**
 * How the members of a set differ from the images of promoter.yml: it may have changed since the
 * set was completed.
 */
export function changedImages(
  sources: readonly MemberSource[],
  members: readonly Member[],
): { readonly missing: readonly string[]; readonly surplus: readonly string[] } {
  const listed = new Set(sources.map(({ name }) => name));
  const surplus = members.map(memberName).filter((name) => !listed.has(name));
  return { missing: missingMembers(sources, members), surplus };
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
    members.map((member) => [memberName(member), member.digest]),
  );
  const changed = [...new Set([...current.keys(), ...Object.keys(final)])].filter(
    (name) => current.get(name) !== final[name],
  );
  return changed.map(
    (name) => `${name} is ${digestText(current.get(name))}, final is ${digestText(final[name])}`,
  );
}

function digestText(digest: Digest | undefined): string {
  return digest ? shortDigest(digest) : "no member";
}

/** The members in the order of the configuration, or what is missing. */
export function completeSet(
  sources: readonly MemberSource[],
  present: Readonly<Record<string, Pick<Member, "digest">>>,
):
  | { readonly kind: "complete"; readonly members: readonly Member[] }
  | { readonly kind: "incomplete"; readonly missing: readonly string[] } {
  const found = sources.flatMap((source) => {
    const arrived = lookUp(present, source.name);
    return arrived ? [memberOf(source, arrived.digest)] : [];
  });
  return found.length < sources.length
    ? { kind: "incomplete", missing: missingMembers(sources, found) }
    : { kind: "complete", members: found };
}
