import { formatTagPattern } from "../../domain/image/tag-pattern.ts";
import type { Draft, DraftMember } from "../draft.ts";
import type { Finding } from "../fault.ts";
import { draftMembers, type OwnedDraftMember } from "./shared-repositories.ts";

/** A push must lead to one member of one application, and every member have a name of its own. */
export function pushesLeadToOneMember(draft: Draft): readonly Finding[] {
  return draftMembers(draft).flatMap(({ first, ...owned }) =>
    first ? [clashFinding(first, owned)] : nameFindings(owned),
  );
}

const apart =
  'or tell its images apart by their tags, as in { repository: shop, tag: "api-{version}" }';

function clashFinding(
  { application: { name: owner }, member: { tag } }: OwnedDraftMember,
  { application, member }: OwnedDraftMember,
): Finding {
  const { repository, path } = member;
  if (member.isTagged) {
    const pattern = member.tag ? formatTagPattern(member.tag) : "";
    const where = owner === application.name ? "" : ` of application ${owner}`;
    return {
      path,
      message: `a tag of ${repository} can match ${pattern} and ${tag ? formatTagPattern(tag) : ""}${where}`,
      remedy: "begin them with different words, as in api-{version} and ui-{version}",
    };
  }
  const message =
    owner === application.name
      ? `${repository} is listed twice`
      : `${repository} already belongs to application ${owner}`;
  const remedy = `list a repository once: its images go live with one application; ${apart}`;
  return { path, message, remedy };
}

function nameFindings({ application, member }: OwnedDraftMember): readonly Finding[] {
  const first = application.members.find(({ name }) => name === member.name);
  if (first === undefined || first === member || !isNamed(first, member)) return [];
  return [
    {
      path: member.path,
      message: `${application.name} has two images named ${member.name}`,
      remedy: "give one of them another name, as in { repository: shop, tag: …, name: shop-api }",
    },
  ];
}

/** A tag that is wrong is reported by itself. */
function isNamed(...members: readonly DraftMember[]): boolean {
  return members.every(({ tag, isTagged }) => tag !== undefined || !isTagged);
}
