import { parseReference } from "../domain/image/reference.ts";
import { isRepositoryName, parseRepositoryName } from "../domain/image/repository.ts";
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

/** Whoever writes it out may mean another one than stands there. */
function registryNamed(text: string): string {
  const [, account, place] =
    /^(?:https?:\/\/)?(\d{12})\.dkr[.-]ecr(?:-fips)?\.([a-z\d-]+)\./i.exec(text) ?? [];
  return account === undefined || place === undefined
    ? ""
    : ` (here it is account ${account} in ${place})`;
}

function repositoryRemedy(text: string): string {
  const meant = repositoryIn(text);
  if (meant !== undefined && isRepositoryName(meant)) {
    const why = `the registry of all images stands once, under \`registry\`${registryNamed(text)}`;
    return `write ${meant}: ${why}, and versions come from their tags`;
  }
  return "write its name in ECR without registry and tag: lower-case letters, digits, . _ - and /";
}
