import { readdir, readFile, realpath, stat } from "node:fs/promises";
import { basename, dirname, join, relative, sep } from "node:path";
import type { Fault } from "./fault.ts";
import type { SourceFile } from "./yaml-text.ts";

/**
 * A file of the project, or why it is not read. Nothing outside of the project is read, whatever
 * leads there.
 */
export type ProjectFile = SourceFile | UnreadFile;

export interface UnreadFile {
  readonly file: string;
  readonly unread: Pick<Fault, "message" | "remedy">;
}

/** The files of a folder, or why it is not read; undefined when the folder does not exist. */
export type ProjectFolder = readonly ProjectFile[] | UnreadFile | undefined;

/** Of all objects of an environment, wherever they come from. */
export const maxFolderSize = 8 * 1024 * 1024;
/** One file may be all of it: the install.yaml of an operator, most of which is definitions. */
const maxFileSize = maxFolderSize;

/** Never throws for what is on the disk. */
export async function readProjectFile(root: string, file: string): Promise<ProjectFile> {
  const place = await locate(root, file);
  if ("unread" in place) return { file, unread: place.unread };
  const bytes = await readFile(place.real).catch(() => undefined);
  if (bytes === undefined) {
    return unread(
      file,
      "this file cannot be read",
      "grant read permission to the user who runs this",
    );
  }
  if (bytes.length > maxFileSize) return tooLarge(file);
  return decoded(file, bytes);
}

/** A file by its content. */
export function decoded(file: string, bytes: Uint8Array): ProjectFile {
  try {
    return { file, text: new TextDecoder("utf-8", { fatal: true }).decode(bytes) };
  } catch {
    return unread(file, "this file is not UTF-8 text", "save it as UTF-8");
  }
}

/** Every .yaml, .yml and .json file, in the order of their names. `except` is left out. */
export async function readProjectFolder({
  root,
  folder,
  except,
}: {
  readonly root: string;
  readonly folder: string;
  readonly except: string;
}): Promise<ProjectFolder> {
  const place = await locateFolder(root, folder);
  if (place === undefined || "unread" in place) {
    return place && { file: folder, unread: place.unread };
  }
  const entries = await readdir(place.real, { withFileTypes: true }).catch(() => undefined);
  const names = entries
    ?.filter((entry) => !entry.isDirectory() && /\.(?:ya?ml|json)$/.test(entry.name))
    .map(({ name }) => name);
  const files = names
    ?.toSorted()
    .map((name) => join(folder, name))
    .filter((file) => file !== except);
  return (
    files &&
    limitTotalSize(await Promise.all(files.map(async (file) => readProjectFile(root, file))))
  );
}

type Location = { readonly real: string } | { readonly unread: UnreadFile["unread"] };

/** Where a path really leads, followed to the end. */
async function locate(root: string, path: string): Promise<Location> {
  try {
    const [base, real] = await Promise.all([
      realpath(baseOf(root, path)),
      realpath(join(root, path)),
    ]);
    if (!isInside(base, real)) {
      return unread(
        path,
        "this leads out of the project; nothing there was read",
        "put the file itself here",
      );
    }
    const found = await stat(real);
    if (!found.isFile()) {
      return unread(path, "this is not a file", "remove it, or put a file in its place");
    }
    return found.size > maxFileSize ? tooLarge(path) : { real };
  } catch (error) {
    return { unread: readFault(error) };
  }
}

async function locateFolder(root: string, folder: string): Promise<Location | undefined> {
  try {
    const [base, real] = await Promise.all([
      realpath(baseOf(root, folder)),
      realpath(join(root, folder)),
    ]);
    if (isInside(base, real)) return (await stat(real)).isDirectory() ? { real } : undefined;
    return unread(
      folder,
      "this folder leads out of the project; nothing there was read",
      "put the files themselves into the project",
    );
  } catch (error) {
    return codeOf(error) === "ENOENT" || codeOf(error) === "ENOTDIR"
      ? undefined
      : { unread: readFault(error) };
  }
}

/**
 * A path that is written with .. leads out of the root openly: then its own folder is what it must
 * stay in.
 */
function baseOf(root: string, path: string): string {
  return relative(root, join(root, path)).startsWith("..") ? dirname(join(root, path)) : root;
}

function isInside(base: string, real: string): boolean {
  return real === base || real.startsWith(base.endsWith(sep) ? base : base + sep);
}

function readFault(error: unknown): UnreadFile["unread"] {
  const code = codeOf(error);
  if (code === "ENOENT") {
    return {
      message: "there is no such file",
      remedy: "create it; if this is a link, fix or remove it",
    };
  }
  if (code === "ELOOP") {
    return { message: "these links form a loop", remedy: "remove the link" };
  }
  return {
    message: "this file cannot be read",
    remedy: "grant read permission to the user who runs this",
  };
}

function codeOf(error: unknown): unknown {
  return error instanceof Error && "code" in error ? error.code : undefined;
}

function tooLarge(file: string): UnreadFile {
  return unread(
    file,
    `this file is larger than ${maxFileSize / 1024 / 1024} MiB`,
    "split it into several files, or move what is not an object elsewhere",
  );
}

/** The first file beyond the limit is reported, and the rest is not read as YAML. */
function limitTotalSize(files: readonly ProjectFile[]): readonly ProjectFile[] {
  let sum = 0;
  return files.map((file) => {
    sum += "text" in file ? file.text.length : 0;
    if ("unread" in file || sum <= maxFolderSize) return file;
    return unread(
      file.file,
      `the files of ${dirname(file.file)} exceed ${maxFolderSize / 1024 / 1024} MiB in total`,
      `move ${basename(file.file)} elsewhere if it holds no objects`,
    );
  });
}

function unread(file: string, message: string, remedy: string): UnreadFile {
  return { file, unread: { message, remedy } };
}
