import { parse } from "yaml";
import type { PipelineJob } from "./pipeline-job.ts";

interface GitLabJob {
  readonly image: string | { readonly name: string };
  readonly needs?: readonly string[];
  readonly script?: readonly string[];
  readonly variables?: Readonly<Record<string, string>>;
  readonly parallel?: { readonly matrix: readonly { readonly MEMBER: readonly string[] }[] };
}

/** Jobs of a .gitlab-ci.yml: the entries that have a script. */
export function readGitLab(text: string): readonly PipelineJob[] {
  const { variables, ...jobs } = parse(text) as {
    readonly variables: Readonly<Record<string, string>>;
  };
  return Object.entries<GitLabJob>(jobs).flatMap(([name, job]) =>
    job.script === undefined
      ? []
      : [
          {
            name,
            needs: job.needs ?? [],
            environment: {
              ...variables,
              ...job.variables,
              ...(job.parallel ? { MEMBER: "$MATRIX_MEMBER" } : {}),
            },
            scripts: [job.script.join("\n")],
            members: job.parallel?.matrix.flatMap(({ MEMBER }) => MEMBER) ?? [],
            images: [typeof job.image === "string" ? job.image : job.image.name],
          },
        ],
  );
}
