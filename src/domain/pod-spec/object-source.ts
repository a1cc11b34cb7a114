import type { RepositoryName } from "../image/repository.ts";

/** Where the objects of an environment come from. */
export type ObjectSource =
  /** Every .yaml, .yml and .json of a folder beside promoter.yml, without subfolders. */
  | { readonly kind: "files"; readonly folder: string }
  /** What a command prints; it runs when packaging, never where promotions run. */
  | { readonly kind: "render"; readonly command: string }
  /** An artifact that is a member of the release, with one folder for each environment. */
  | { readonly kind: "artifact"; readonly repository: RepositoryName };

/** For messages: `deploy/orderbook`, or which output. */
export function describeSource(source: ObjectSource): string {
  switch (source.kind) {
    case "files":
      return source.folder;
    case "render":
      return renderedOutput(source.command);
    case "artifact":
      return `the artifact ${source.repository}`;
    default:
      return source satisfies never;
  }
}

/** What faults name instead of a file. */
export function renderedOutput(command: string): string {
  return `output of \`${command}\``;
}
