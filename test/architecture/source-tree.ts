import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";

export const root = resolve(import.meta.dirname, "../..");

export interface SourceFile {
  /** Relative to the root, with slashes. */
  readonly path: string;
  readonly text: string;
}

/** The TypeScript files below these folders. */
export function sourceFiles(...folders: readonly string[]): readonly SourceFile[] {
  return folders
    .flatMap((folder) => filesBelow(join(root, folder)))
    .map((path) => ({ path: relative(root, path), text: readFileSync(path, "utf8") }));
}

function filesBelow(folder: string): readonly string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return filesBelow(path);
    return entry.name.endsWith(".ts") ? [path] : [];
  });
}

/** Every relative import and re-export, types too, as a path from the root. */
export function importsOf({ path, text }: SourceFile): readonly string[] {
  const specifiers = [
    ...text.matchAll(
      /(?:^|\n)\s*(?:import|export)\b[^;"']*?from\s+["'](\.[^"']+)["']|import\(\s*["'](\.[^"']+)["']|(?:^|\n)\s*import\s+["'](\.[^"']+)["']/g,
    ),
  ];
  return specifiers.map(([, from, dynamic, bare]) =>
    relative(root, resolve(root, dirname(path), from ?? dynamic ?? bare ?? "")),
  );
}

/** Those of `importsOf` that are there when the program runs. */
export function valueImportsOf({ path, text }: SourceFile): readonly string[] {
  return importsOf({ path, text: text.replaceAll(/(?:^|\n)(?:import|export) type [^;]*;/g, "") });
}
