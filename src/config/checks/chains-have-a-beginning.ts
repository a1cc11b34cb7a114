import { didYouMean } from "../../domain/closest-match.ts";
import type { Draft, DraftApplication, DraftEnvironment } from "../draft.ts";
import type { Finding } from "../fault.ts";

/** `after` names an environment of the same application, and leads to one that a push starts. */
export function chainsHaveABeginning({ applications }: Draft): readonly Finding[] {
  return applications.flatMap((application) =>
    application.environments.flatMap((environment) => brokenChain(application, environment)),
  );
}

function brokenChain(
  application: DraftApplication,
  { name, after, path }: DraftEnvironment,
): readonly Finding[] {
  if (after === undefined) return [];
  const known = application.environments.map((environment) => environment.name);
  const at = [...path, "after"];
  if (!known.includes(after)) {
    return [
      {
        path: at,
        message: `${application.name} has no environment ${after}`,
        remedy: nearest(
          after,
          known.filter((other) => other !== name),
        ),
      },
    ];
  }
  if (!isCircle(application, name)) return [];
  return [
    {
      path: at,
      message: `${name} comes after itself`,
      remedy: "remove `after` from the environment that a push starts",
    },
  ];
}

function nearest(after: string, known: readonly string[]): string {
  return (
    didYouMean(after, known) ??
    `name one of ${known.join(", ") || "the environments of the application"}, or remove it`
  );
}

function isCircle({ environments }: DraftApplication, start: string): boolean {
  const before = new Map(environments.map(({ name, after }) => [name, after]));
  const seen = new Set<string>();
  for (
    let name = before.get(start);
    name !== undefined && !seen.has(name);
    name = before.get(name)
  ) {
    if (name === start) return true;
    seen.add(name);
  }
  return false;
}
