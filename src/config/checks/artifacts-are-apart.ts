import type { Draft } from "../draft.ts";
import type { Finding } from "../fault.ts";

/**
 * A repository holds images or objects, of one application: which rules judge it depends on its
 * place.
 */
export function artifactsAreApart({ applications, environments }: Draft): readonly Finding[] {
  const images = new Map<string, string>(
    applications.flatMap(({ name, members }) =>
      members.map(({ repository }) => [repository, name] as const),
    ),
  );
  const owners = new Map<string, string>();
  return environments.flatMap(({ application, objects, path }) => {
    if (objects?.kind !== "artifact") return [];
    const { repository } = objects;
    const at = { path: [...path, "podSpec", "artifact"] };
    const of = images.get(repository);
    const owner = owners.get(repository) ?? application;
    owners.set(repository, owner);
    if (of !== undefined) {
      return [
        {
          ...at,
          message: `${repository} is an image of ${of}`,
          remedy: "push the objects to a repository of their own, and do not list it under images",
        },
      ];
    }
    return owner === application
      ? []
      : [
          {
            ...at,
            message: `${repository} already belongs to ${owner}`,
            remedy: "give each application a repository for its objects",
          },
        ];
  });
}
