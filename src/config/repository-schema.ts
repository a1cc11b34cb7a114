import { parseReference } from "../domain/image/reference.ts";
import { isRepositoryName, parseRepositoryName } from "../domain/image/repository.ts";
import { valueAt } from "../domain/json.ts";
import { parsedText } from "./parsed-text.ts";

/** One that begins with a registry of ECR would be a repository of that name inside the registry. */
export const repositorySchema = parsedText(
  (text) => (repositoryIn(text) === text ? parseRepositoryName(text) : undefined),
  { expected: "repository", remedy: repositoryRemedy, pattern: "^[a-z0-9][a-z0-9._/-]{1,255}$" },
);

/** The repository that a whole image name means; undefined where none can be found in it. */
export function repositoryIn(text: string): string | undefined {
  const reference = parseReference(text.replace(/^https?:\/\//i, ""));
  if (reference === undefined) return undefined;
  const isNamed =
    reference.host !== undefined && !/[:A-Z]|^localhost$|\.dkr[.-]ecr/.test(reference.host);
  return isNamed ? reference.name : reference.path;
}

function repositoryRemedy(text: string, document: unknown): string {
  const meant = repositoryIn(text);
  if (meant === undefined || !isRepositoryName(meant)) {
    return "write its name in ECR without registry and tag: lower-case letters, digits, . _ - and /";
  }
  const { here, difference } = registryIn(text, document);
  const why = `the registry of all images is named once, under \`registry\`${here}`;
  return `write ${meant}: ${why}, and versions come from their tags${difference}`;
}

/** A host that is written out may not be the one that is meant. */
function registryIn(
  text: string,
  document: unknown,
): { readonly here: string; readonly difference: string } {
  const [, account, place] =
    /^(?:https?:\/\/)?(\d{12})\.dkr[.-]ecr(?:-fips)?\.([a-z\d-]+)\./i.exec(text) ?? [];
  if (account === undefined || place === undefined) return { here: "", difference: "" };
  const [ours, region] = ["account", "region"].map((key) =>
    String(valueAt(document, "registry", key)),
  );
  return {
    here: ` (here it is account ${account} in ${place})`,
    difference:
      ours === account && region === place
        ? ""
        : `; \`registry\` has account ${ours} in ${region}: ` +
          "the two differ, so correct `registry` if the image is right",
  };
}
