import type { Digest } from "../image/digest.ts";
import { parseReference } from "../image/reference.ts";
import { formatTagPattern, tagOf, versionOf } from "../image/tag-pattern.ts";
import type { MemberSource } from "../member-source.ts";

/** A member of the application, or of another one with which it shares a repository. */
export interface PinnedMember extends Pick<MemberSource, "name" | "repository" | "tag" | "word"> {
  /** undefined: it is not known yet, and the text stays as it is. */
  readonly digest?: Digest | undefined;
  /** Of another application. */
  readonly owner?: string;
}

export type MeantMember =
  | { readonly kind: "member"; readonly member: PinnedMember }
  /** Nobody lists the repository in this application. */
  | { readonly kind: "unknown" }
  | { readonly kind: "unclear"; readonly message: string; readonly remedy: string };

/**
 * Which member an image of the registry means: the only one of its repository, or the one whose
 * tags look like the tag that is written. The longer what is fixed in them, the more they say.
 */
export function meantMember(
  members: readonly PinnedMember[],
  { path, text }: { readonly path: string; readonly text: string },
): MeantMember {
  const sharing = members.filter(({ repository }) => repository === path);
  const own = sharing.filter(({ owner }) => owner === undefined);
  const [only] = own;
  if (!only) return { kind: "unknown" };
  const tag = parseReference(text)?.tag;
  const best = tag === undefined ? [] : closest(sharing, tag);
  const [foreign] = best;
  if (best.length === 1 && foreign?.owner !== undefined) return foreignTag(path, foreign);
  if (own.length === 1) return { kind: "member", member: only };
  const [meant, ...others] = best.filter(({ owner }) => owner === undefined);
  return meant && others.length === 0
    ? { kind: "member", member: meant }
    : ambiguous(path, tag, own);
}

function closest(members: readonly PinnedMember[], tag: string): readonly PinnedMember[] {
  const fitting = members.filter(
    (member) => tag === member.word || versionOf(member.tag, tag) !== undefined,
  );
  const fixed = ({ tag: { prefix, suffix } }: PinnedMember): number =>
    prefix.length + suffix.length;
  const longest = Math.max(...fitting.map(fixed));
  return fitting.filter((member) => fixed(member) === longest);
}

function foreignTag(path: string, { name, owner = "", tag }: PinnedMember): MeantMember {
  return {
    kind: "unclear",
    message: `this tag of ${path} is one of ${name}, an image of application ${owner} (${formatTagPattern(tag)})`,
    remedy: "write a tag of this application, or omit it",
  };
}

function ambiguous(
  path: string,
  tag: string | undefined,
  own: readonly PinnedMember[],
): MeantMember {
  const written = tag === undefined ? "without a tag" : `with the tag ${tag}`;
  const choices = own.map(
    (member) => `${path}:${tagOf(member.tag, "latest") ?? ""} for ${member.name}`,
  );
  return {
    kind: "unclear",
    message: `${path} has several images, and ${written} it is not clear which one is meant`,
    remedy: `write ${choices.join(", or ")}; each promotion replaces the tag`,
  };
}
