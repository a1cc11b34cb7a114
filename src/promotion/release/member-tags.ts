import { tagsFor, type TagsToWrite } from "../../domain/member-source.ts";
import { memberName, type Member } from "../../domain/release.ts";
import type { ConfiguredEnvironment } from "../record/find-environment.ts";

/** The tags that a promotion writes for a member; undefined: the environment has none. */
export function memberTagsOf(
  member: Pick<Member, "name" | "repository">,
  { application, environment }: Pick<ConfiguredEnvironment, "application" | "environment">,
): TagsToWrite | undefined {
  const source = application.members.find(({ name }) => name === memberName(member));
  return environment.tags && tagsFor(source ?? { word: undefined }, environment.tags);
}
