import { type Digest, shortDigest } from "../../domain/image/digest.ts";
import { isWritable, type Mutability } from "../../domain/image/mutability.ts";
import { formatTagPattern, tagOf, type TagPattern } from "../../domain/image/tag-pattern.ts";
import type { Tag } from "../../domain/image/tag.ts";
import { lookUp } from "../../domain/look-up.ts";
import type { MemberTags } from "../../domain/promotion.ts";
import { memberName, type Member } from "../../domain/release.ts";
import type { Need } from "../../ports/ports.ts";
import {
  environmentRemoved,
  findEnvironment,
  type ConfiguredEnvironment,
} from "../record/find-environment.ts";
import type { ResolvedPromotion } from "../record/open-promotion.ts";
import { memberTagsOf } from "../release/member-tags.ts";
import { releaseTagConflict } from "../release/release-tag-conflict.ts";
import { end, endAs, go, step, type Decision } from "../step/step.ts";

const needs = ["registry.mutability"] as const satisfies readonly Need[];

/**
 * Finds tag conflicts before approval is requested: a release tag on another digest, a moving tag
 * that cannot move.
 */
export const checkProductionTags = step({
  name: "CheckProductionTags",
  needs,
  async run(promotion, ports) {
    const found = findEnvironment(await ports.configurations.read(), promotion);
    if ("unknown" in found) return endAs(environmentRemoved(found));
    if (!found.environment.tags) return withoutTags(promotion);
    const wanted = promotion.members.map((member) => tagsOf(member, promotion.version, found));
    const invalid = wanted.flatMap((one) => ("invalid" in one ? [one.invalid] : []));
    if (invalid.length > 0) return end("Refused", [...new Set(invalid)]);
    const repositories = promotion.members.map(({ repository }) => repository);
    const mutability = await ports.registry.mutability(repositories);
    const checked = wanted.flatMap((one) =>
      "invalid" in one
        ? []
        : [checkMember({ ...one, promotion, mutability: mutability.get(one.member.repository) })],
    );
    const conflicts = checked.flatMap((one) => one.conflicts);
    if (conflicts.length > 0) return end("Refused", conflicts);
    const states = checked.map((one) => one.tags);
    return go("checked", { change: { tags: states }, reasons: states.map(describe) });
  },
});

function withoutTags({ members, environment }: ResolvedPromotion): Decision<"checked"> {
  const tags = members.map(({ digest: _digest, ...member }) => ({
    ...member,
    release: undefined,
    moving: undefined,
  }));
  return go("checked", { change: { tags }, reasons: [`${environment} has no tags to check`] });
}

function tagsOf(
  member: Member,
  version: string,
  found: ConfiguredEnvironment,
): Pick<TagCheck, "member" | "release" | "moving"> | { readonly invalid: string } {
  const tags = memberTagsOf(member, found);
  const release = tags && tagOf(tags.release, version);
  return release
    ? { member, release, moving: tags.moving }
    : { invalid: invalidTag(version, tags?.release ?? { prefix: "", suffix: "" }) };
}

function invalidTag(version: string, pattern: TagPattern): string {
  const why = `version ${version} does not form a valid tag with ${formatTagPattern(pattern)}`;
  const limits = 'a tag has at most 128 letters, digits, ".", "_" and "-"';
  return `${why}: ${limits}; give the release a shorter version`;
}

interface TagCheck {
  readonly member: Member;
  readonly promotion: ResolvedPromotion;
  readonly release: Tag;
  readonly moving: Tag | undefined;
  readonly mutability: Mutability | undefined;
}

function checkMember(check: TagCheck): {
  readonly tags: MemberTags;
  readonly conflicts: readonly string[];
} {
  const {
    member: { digest, ...member },
    promotion,
    release,
    moving,
  } = check;
  const found = promotion.tagsFound?.[memberName(member)] ?? {};
  const tags: MemberTags = {
    ...member,
    release: { tag: release, state: lookUp(found, release) === digest ? "in-place" : "absent" },
    moving: moving && { tag: moving, state: movingState(lookUp(found, moving), digest) },
  };
  return {
    tags,
    conflicts: [...releaseConflict(check, lookUp(found, release)), ...movingConflict(check, tags)],
  };
}

function movingState(
  found: Digest | undefined,
  wanted: Digest,
): "absent" | "in-place" | "elsewhere" {
  if (found === undefined) return "absent";
  return found === wanted ? "in-place" : "elsewhere";
}

function releaseConflict(
  { member: { repository, digest }, promotion, release }: TagCheck,
  found: Digest | undefined,
): readonly string[] {
  if (found === undefined || found === digest) return [];
  const tagged = `${repository}:${release} is already ${shortDigest(found)}`;
  const rebuilt = `${promotion.version} is now ${shortDigest(digest)}`;
  return [`${tagged}, but ${rebuilt}: ${releaseTagConflict}`];
}

function movingConflict(
  { member: { repository }, mutability }: TagCheck,
  { moving }: MemberTags,
): readonly string[] {
  if (
    !moving ||
    moving.state !== "elsewhere" ||
    !mutability ||
    isWritable(mutability, moving.tag)
  ) {
    return [];
  }
  const why = `${repository}:${moving.tag} cannot be moved, because the repository is ${mutability.mode}`;
  const exclusion = `exclude "${moving.tag}" there (IMMUTABLE_WITH_EXCLUSION)`;
  return [`${why}: ${exclusion} or remove tags.moving from promoter.yml`];
}

function describe({ release, moving, ...member }: MemberTags): string {
  const parts = [release, moving].flatMap((one) => (one ? [`${one.tag} ${one.state}`] : []));
  return `${memberName(member)}: ${parts.join(", ")}`;
}
