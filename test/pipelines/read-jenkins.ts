import type { PipelineJob } from "./pipeline-job.ts";

/**
 * The outer stages of a declarative Jenkinsfile, which run one after the other: each needs the one
 * before it.
 */
export function readJenkins(text: string): readonly PipelineJob[] {
  const environment = Object.fromEntries(
    [...text.matchAll(/^ {4}([A-Z_]+) = '(.*)'$/gm)].map(([, name = "", value = ""]) => [
      name,
      value,
    ]),
  );
  const stages = text.split(/^ {4}stage\(/m).slice(1);
  const names = stages.map((stage) => /^'([^']*)'/.exec(stage)?.[1] ?? "");
  return stages.map((stage, index) => ({
    name: names[index] ?? "",
    needs: names.slice(0, index),
    environment: {
      ...environment,
      ...(stage.includes("axis {") ? { MEMBER: "$MATRIX_MEMBER" } : {}),
    },
    scripts: [...stage.matchAll(/\bsh (?:'''([\s\S]*?)'''|'([^'\n]*)')/g)].map(([, long, short]) =>
      groovyString(long ?? short ?? ""),
    ),
    members: [...(/values ([^\n]*)/.exec(stage)?.[1]?.matchAll(/'([^']*)'/g) ?? [])].map(
      ([, value = ""]) => value,
    ),
    images: [...stage.matchAll(/image: (\S+)/g)].map(([, image = ""]) => image),
  }));
}

/**
 * A backslash before the end of a line joins lines in Groovy already; `\\` is one (Groovy,
 * "Triple-single-quoted string").
 */
function groovyString(source: string): string {
  return source.replaceAll(/\\(\n|\\)/g, (_, escaped: string) => (escaped === "\n" ? "" : "\\"));
}
