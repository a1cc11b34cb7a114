/** Where the objects of an environment come from. */
export type ObjectSource =
  /** Every .yaml, .yml and .json of a folder beside promoter.yml, without subfolders. */
  | { readonly kind: "files"; readonly folder: string }
  /** What a command prints; it runs when packaging, never where promotions run. */
  | { readonly kind: "render"; readonly command: string };

/** For messages: `deploy/orderbook`, or which output. */
export function describeSource(source: ObjectSource): string {
  return source.kind === "files" ? source.folder : renderedOutput(source.command);
}

/** What faults name instead of a file. */
export function renderedOutput(command: string): string {
  return `output of \`${command}\``;
}
