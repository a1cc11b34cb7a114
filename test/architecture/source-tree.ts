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

/** Without the tests of the packages, which stand beside them. */
export function productFiles(...folders: readonly string[]): readonly SourceFile[] {
  return sourceFiles(...folders).filter(({ path }) => !/^[\w-]+\/test\//.test(path));
}

function filesBelow(folder: string): readonly string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return filesBelow(path);
    return entry.name.endsWith(".ts") ? [path] : [];
  });
}

/**
 * Every import and re-export of a file of this repository, types too, as a path from the root:
 * relative ones, and those of its packages by their exports.
 */
export function importsOf(file: SourceFile): readonly string[] {
  return specifiersOf(file)
    .map((specifier) => resolveSpecifier(specifier, file))
    .filter((path) => path !== undefined);
}

/** What stands in quotation marks behind `from` and `import`. */
export function specifiersOf({ text }: SourceFile): readonly string[] {
  const specifiers = text.matchAll(
    /(?:^|\n)\s*(?:import|export)\b[^;"']*?from\s+["']([^"']+)["']|import\(\s*["']([^"']+)["']|(?:^|\n)\s*import\s+["']([^"']+)["']/g,
  );
  return [...specifiers].map(([, from, dynamic, bare]) => from ?? dynamic ?? bare ?? "");
}

/** The packages of this repository. */
const packages = ["local", "kubernetes-schemas"].map((folder) => ({
  folder,
  ...(JSON.parse(readFileSync(join(root, folder, "package.json"), "utf8")) as {
    readonly name: string;
    readonly exports: Readonly<Record<string, string>>;
  }),
}));

function resolveSpecifier(specifier: string, { path }: SourceFile): string | undefined {
  if (specifier.startsWith(".")) return relative(root, resolve(root, dirname(path), specifier));
  const found = packages.find(({ name }) => `${specifier}/`.startsWith(`${name}/`));
  if (!found) return undefined;
  const subpath = `.${specifier.slice(found.name.length)}`;
  return join(found.folder, found.exports[subpath] ?? subpath.replace(/^\.\/internal\//, ""));
}

/** Those of `importsOf` that are there when the program runs. */
export function valueImportsOf({ path, text }: SourceFile): readonly string[] {
  return importsOf({ path, text: text.replaceAll(/(?:^|\n)(?:import|export) type [^;]*;/g, "") });
}
