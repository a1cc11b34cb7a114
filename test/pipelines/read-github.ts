import { parse } from "yaml";
import type { PipelineJob } from "./pipeline-job.ts";
import { replaceAll } from "./read-circleci.ts";

interface GitHubDocument {
  readonly env: Readonly<Record<string, string>>;
  readonly jobs: Readonly<
    Record<
      string,
      {
        readonly needs?: string | readonly string[];
        readonly env?: Readonly<Record<string, string>>;
        readonly strategy?: { readonly matrix: { readonly member: readonly string[] } };
        readonly steps: readonly { readonly run?: string }[];
      }
    >
  >;
}

/** Jobs of a workflow of GitHub Actions. Expressions stand in `env` alone, never inside a script. */
export function readGitHub(text: string): readonly PipelineJob[] {
  const { env, jobs } = parse(text) as GitHubDocument;
  return Object.entries(jobs).map(([name, job]) => ({
    name,
    needs: [job.needs ?? []].flat(),
    environment: replaceAll({ ...env, ...job.env }, "${{ matrix.member }}", "$MATRIX_MEMBER"),
    scripts: job.steps.flatMap(({ run }) => run ?? []),
    members: job.strategy?.matrix.member ?? [],
    images: Object.values(env).filter((value) => value.includes("/kaniko")),
  }));
}
