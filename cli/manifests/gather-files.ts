import { readdir, readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { maxFolderSize } from "../../src/config/project-files.ts";
import { environmentFiles } from "../../src/domain/artifact/environment-files.ts";
import type { ArchiveFile } from "../../src/domain/artifact/read-tar.ts";
import { CommandError, exitCodes } from "../exit-codes.ts";

const maxFiles = 5_000;

/**
 * The .yaml, .yml and .json files of a folder that has one folder for each environment, by their
 * paths in it. Links are refused: what they lead to would not be what was reviewed.
 */
export async function gatherFiles(folder: string): Promise<readonly ArchiveFile[]> {
  const found = await listFiles(folder);
  const files = await Promise.all(
    found.map(async (path) => ({ path, content: await readFile(join(folder, path)) })),
  );
  const size = files.reduce((sum, { content }) => sum + content.length, 0);
  if (size > maxFolderSize) {
    throw misuse(
      `${folder} holds ${size} bytes of objects, more than ${maxFolderSize / 1024 / 1024} MiB`,
    );
  }
  const environments = new Set(
    files.flatMap(({ path }) => (path.includes("/") ? [path.split("/")[0] ?? ""] : [])),
  );
  if (![...environments].some((name) => environmentFiles(files, name).kind === "files")) {
    throw misuse(
      `${folder} has no folders with .yaml, .yml or .json files; write one for each environment, ` +
        `such as ${join(folder, "production", "api.yaml")}`,
    );
  }
  return files;
}

function misuse(message: string): CommandError {
  return new CommandError(message, exitCodes.usage);
}

async function listFiles(folder: string): Promise<readonly string[]> {
  if (!(await isFolder(folder))) throw misuse(`there is no folder ${folder}`);
  const paths: string[] = [];
  await collect({ folder, below: "" }, paths);
  return paths;
}

/** Also one that a link leads to. */
async function isFolder(path: string): Promise<boolean> {
  return stat(path).then(
    (found) => found.isDirectory(),
    () => false,
  );
}

async function collect(
  { folder, below }: { readonly folder: string; readonly below: string },
  paths: string[],
): Promise<void> {
  const entries = await readdir(join(folder, below), { withFileTypes: true });
  for (const entry of entries.toSorted((one, other) => (one.name < other.name ? -1 : 1))) {
    const path = below === "" ? entry.name : `${below}/${entry.name}`;
    if (entry.isSymbolicLink() && (await isFolder(join(folder, path)))) {
      throw misuse(`${join(folder, path)} is a link to a folder: put the folder itself there`);
    }
    if (entry.isDirectory()) await collect({ folder, below: path }, paths);
    else if (/\.(?:ya?ml|json)$/.test(entry.name)) {
      if (!entry.isFile()) throw misuse(`${join(folder, path)} is not a file itself: put it there`);
      paths.push(path);
    }
    if (paths.length > maxFiles) throw misuse(`${folder} has more than ${maxFiles} files`);
  }
}
