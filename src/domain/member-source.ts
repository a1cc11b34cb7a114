import type { RepositoryName } from "./image/repository.ts";
import type { TagPattern } from "./image/tag-pattern.ts";
import type { Tag } from "./image/tag.ts";

/** Of an environment. */
export interface TagsToWrite {
  readonly release: TagPattern;
  readonly moving: Tag | undefined;
}

/** What promoter.yml says of one member of an application. */
export interface MemberSource {
  /** By which people and tables know it; no other member of the application has it. */
  readonly name: string;
  readonly repository: RepositoryName;
  /** The tags that the builds push for it. */
  readonly tag: TagPattern;
  /**
   * What tells it from other members of its repository in the tags that promotions write;
   * undefined: the repository is its own.
   */
  readonly word: string | undefined;
}

/** The only member of its repository, which the builds tag like the rest of the application. */
export function plainMember(repository: RepositoryName, tag: TagPattern): MemberSource {
  return { name: repository, repository, tag, word: undefined };
}

export interface TaggedImage {
  readonly repository: RepositoryName;
  readonly tag: TagPattern;
  readonly name?: string | undefined;
}

/**
 * One of several members of a repository. Its word is what is fixed in its tags, `api` of
 * `api-{version}`, unless it has a name.
 */
export function taggedMember({ repository, tag, name }: TaggedImage): MemberSource {
  const word = name ?? fixedPart(tag);
  const named = word === undefined ? repository : `${repository}-${word}`;
  return { name: name ?? named, repository, tag, word };
}

function fixedPart({ prefix, suffix }: TagPattern): string | undefined {
  const parts = [prefix, suffix].map((part) => part.replace(/^[._-]+|[._-]+$/g, ""));
  const fixed = parts.filter((part) => part !== "").join("-");
  return fixed === "" ? undefined : fixed;
}

/** What promotions write for a member: its word stands before the version, and behind a moving tag. */
export function tagsFor(
  { word }: Pick<MemberSource, "word">,
  { release: { prefix, suffix }, moving }: TagsToWrite,
): TagsToWrite {
  if (word === undefined) return { release: { prefix, suffix }, moving };
  return {
    release: { prefix: `${prefix}${word}-`, suffix },
    moving: moving && (`${moving}-${word}` as Tag),
  };
}
