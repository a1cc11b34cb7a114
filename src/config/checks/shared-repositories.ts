import type { TagPattern } from "../../domain/image/tag-pattern.ts";
import { tagsFor } from "../../domain/member-source.ts";
import type { VersionOrder } from "../../domain/version-order.ts";
import { canCarryBoth } from "../../domain/version-tag.ts";
import type { Draft, DraftApplication, DraftEnvironment, DraftMember } from "../draft.ts";
import type { Finding } from "../fault.ts";

export interface OwnedDraftMember {
  readonly application: DraftApplication;
  readonly member: DraftMember;
}

/** What promotions into one environment write for one member. */
export interface DraftTags extends OwnedDraftMember {
  readonly environment: DraftEnvironment;
  readonly release: TagPattern | undefined;
  readonly moving: string | undefined;
}

export interface SharedRepository {
  readonly members: readonly OwnedDraftMember[];
  readonly written: readonly DraftTags[];
}

/** Of all applications; `first`: the earlier one that the same push could mean. */
export function draftMembers({
  applications,
}: Pick<Draft, "applications">): readonly (OwnedDraftMember & {
  readonly first: OwnedDraftMember | undefined;
})[] {
  const owned = applications.flatMap((application) =>
    application.members.map((member) => ({ application, member })),
  );
  const byRepository = Map.groupBy(owned, ({ member }) => member.repository);
  return owned.map((one) => {
    const sharing = byRepository.get(one.member.repository) ?? [];
    const first = sharing.slice(0, sharing.indexOf(one)).find((earlier) => isSame(earlier, one));
    return { ...one, first };
  });
}

function isSame(earlier: OwnedDraftMember, later: OwnedDraftMember): boolean {
  const [one, other] = [earlier.member, later.member];
  const order = commonOrder(earlier.application, later.application);
  if (one.tag && other.tag) return canCarryBoth(one.tag, other.tag, order);
  return !one.isTagged && !other.isTagged;
}

/** Without what is listed twice in one application. */
export function distinctMembers(draft: Draft): ReturnType<typeof draftMembers> {
  return draftMembers(draft).filter(
    ({ first, application }) => first?.application.name !== application.name,
  );
}

/**
 * All that is pushed to each repository, and all that promotions tag there. What a push could mean
 * besides an image of another application is reported once, and looked at alone.
 */
export function sharedRepositories(draft: Draft): readonly SharedRepository[] {
  const groups = Map.groupBy(distinctMembers(draft), ({ application, member, first }) =>
    JSON.stringify([member.repository, first && application.name]),
  );
  return [...groups.values(), ...artifactsIn(draft)].map((members) => ({
    members,
    written: members.flatMap((owner) =>
      owner.application.environments.map((environment) => ({
        ...owner,
        environment,
        ...tagsOf(owner.member, environment),
      })),
    ),
  }));
}

/** What holds objects is tagged like an image without a tag of its own. */
function artifactsIn({ applications }: Draft): readonly (readonly OwnedDraftMember[])[] {
  return applications.flatMap((application) => {
    const { path, source, environments } = application;
    const [repository] = environments.flatMap(({ objects }) =>
      objects?.kind === "artifact" ? [objects.repository] : [],
    );
    if (repository === undefined) return [];
    const plain = { name: repository, repository, word: undefined, isTagged: false };
    return [[{ application, member: { ...plain, tag: source.tag, path } }]];
  });
}

function tagsOf(
  member: DraftMember,
  { release, moving }: DraftEnvironment,
): Pick<DraftTags, "release" | "moving"> {
  const tags = tagsFor(member, { release: release ?? { prefix: "", suffix: "" }, moving });
  return { release: release && tags.release, moving: tags.moving };
}

/** Where two orders differ, anything may be a version. */
export function commonOrder(one: DraftApplication, other: DraftApplication): VersionOrder {
  return one.source.order === other.source.order ? one.source.order : "pushed";
}

/** The members of an application mostly share their tags, and so their faults. */
export function eachOnce(findings: readonly Finding[]): readonly Finding[] {
  return [
    ...new Map(findings.map((one) => [JSON.stringify([one.path, one.message]), one])).values(),
  ];
}
