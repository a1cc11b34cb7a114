import type { Draft } from "../draft.ts";
import type { Finding } from "../fault.ts";

/** A push must lead to one application, and an image go live with one set. */
export function repositoriesHaveOneApplication({ applications }: Draft): readonly Finding[] {
  const owners = new Map<string, string>();
  const members = applications.flatMap(({ name, members: own }) =>
    own.map((member) => ({ ...member, application: name })),
  );
  return members.flatMap(({ repository, path, application }) => {
    const owner = owners.get(repository);
    owners.set(repository, owner ?? application);
    if (owner === undefined) return [];
    const message =
      owner === application
        ? `${repository} is listed twice`
        : `${repository} already belongs to application ${owner}`;
    return [
      { path, message, remedy: "list a repository once: its images go live with one application" },
    ];
  });
}
