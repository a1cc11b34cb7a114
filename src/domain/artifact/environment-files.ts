import { abbreviateList } from "../abbreviate-list.ts";
import type { ArchiveFile } from "./read-tar.ts";

export type EnvironmentFiles =
  | { readonly kind: "files"; readonly files: readonly ArchiveFile[] }
  | { readonly kind: "missing"; readonly fault: string };

/**
 * The files of one environment in an archive of all: those directly in the folder of its name, with
 * the endings that a folder of `podSpec.files` has. Some programs put a folder of their own above
 * all others, which does not matter.
 */
export function environmentFiles(
  files: readonly ArchiveFile[],
  environment: string,
): EnvironmentFiles {
  const folders = topFolders(files);
  const [only] = folders;
  const isWrapped = folders.length === 1 && only !== environment;
  const below = isWrapped ? `${only}/${environment}/` : `${environment}/`;
  const found = files.filter(
    ({ path }) =>
      path.startsWith(below) && /^[^/]+\.(?:ya?ml|json)$/.test(path.slice(below.length)),
  );
  if (found.length > 0) return { kind: "files", files: found };
  const listed = folders.length === 0 ? "no folder at all" : abbreviateList(folders, 10);
  return {
    kind: "missing",
    fault:
      `it has no folder ${environment} with .yaml, .yml or .json files (subfolders are not read); ` +
      `it has ${listed}`,
  };
}

function topFolders(files: readonly ArchiveFile[]): readonly string[] {
  const tops = files.map(({ path }) => path.split("/"));
  return [...new Set(tops.flatMap(([top = "", ...rest]) => (rest.length > 0 ? [top] : [])))];
}
