import { parse } from "yaml";
import type { PipelineJob } from "./pipeline-job.ts";

interface CircleDocument {
  readonly jobs: Readonly<
    Record<
      string,
      {
        readonly docker?: readonly { readonly image: string }[];
        readonly environment?: Readonly<Record<string, string>>;
        readonly steps: readonly (
          | string
          | { readonly run?: string | { readonly command: string } }
        )[];
      }
    >
  >;
  readonly workflows: {
    readonly release: { readonly jobs: readonly Readonly<Record<string, CircleUse>>[] };
  };
}

interface CircleUse {
  readonly requires?: readonly string[];
  readonly matrix?: { readonly parameters: { readonly member: readonly string[] } };
}

/** Jobs of a .circleci/config.yml, with what the workflow `release` says about them. */
export function readCircleCi(text: string): readonly PipelineJob[] {
  const { jobs, workflows } = parse(text, { merge: true }) as CircleDocument;
  return Object.entries(jobs).map(([name, { docker = [], environment = {}, steps }]) => {
    const use = workflows.release.jobs.flatMap((entry) => entry[name] ?? [])[0];
    return {
      name,
      needs: use?.requires ?? [],
      environment: replaceAll(environment, "<< parameters.member >>", "$MATRIX_MEMBER"),
      scripts: steps.flatMap((step) => (typeof step === "string" ? [] : commandOf(step.run))),
      members: use?.matrix?.parameters.member ?? [],
      images: [
        ...docker.map(({ image }) => image),
        ...Object.values(environment).filter((value) => value.includes("/kaniko")),
      ],
    };
  });
}

const commandOf = (run: string | { readonly command: string } | undefined): readonly string[] =>
  run === undefined ? [] : [typeof run === "string" ? run : run.command];

export function replaceAll(
  values: Readonly<Record<string, string>>,
  from: string,
  to: string,
): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(values).map(([name, value]) => [name, value.replaceAll(from, to)]),
  );
}
