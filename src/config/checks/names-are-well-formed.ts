import type { Draft } from "../draft.ts";
import type { Finding } from "../fault.ts";
import { remedyOf } from "../parsed-text.ts";
import { nameSchema } from "../value-schemas.ts";

/** The keys that are names of clusters, applications and environments. */
export function namesAreWellFormed({
  clusters,
  applications,
  environments,
}: Draft): readonly Finding[] {
  const paths = [
    ...[...clusters.keys()].map((name) => ["clusters", name]),
    ...applications.map(({ path }) => path),
    ...environments.map(({ path }) => path),
  ];
  return paths.flatMap((path) => {
    const [issue] = nameSchema.safeParse(path.at(-1)).error?.issues ?? [];
    return issue?.code === "custom"
      ? [
          {
            path,
            at: "key" as const,
            message: issue.message,
            remedy: remedyOf(issue.params, { value: undefined }) ?? "",
          },
        ]
      : [];
  });
}
