import { imagesOf, type Application } from "../configuration.ts";
import type { Digest } from "../image/digest.ts";
import type { MemberSource } from "../member-source.ts";
import type { PinnedMember } from "./meant-member.ts";

/**
 * What images in the objects of an application may mean: its members that are images, and who else
 * shares their repositories.
 */
export function pinnedMembers(
  application: string,
  applications: readonly Pick<Application, "name" | "members" | "environments">[],
  digestOf: (member: MemberSource) => Digest | undefined = () => undefined,
): readonly PinnedMember[] {
  return applications.flatMap((listed) =>
    imagesOf(listed).map((member) =>
      listed.name === application
        ? { ...member, digest: digestOf(member) }
        : { ...member, owner: listed.name },
    ),
  );
}
