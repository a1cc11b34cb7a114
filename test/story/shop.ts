import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import {
  loadConfiguration,
  type LoadedConfiguration,
} from "../../src/config/load-configuration.ts";

const root = new URL("../..", import.meta.url).pathname;

export type ParsedProject = Extract<LoadedConfiguration, { kind: "ok" }>;

/** A project of its own: path below its root to content, promoter.yml among them. */
export type ProjectFiles = Readonly<Record<string, string>>;

/**
 * The shipped project with promoter.yml changed by `change` and further files, or the given files
 * instead. Throws the faults.
 */
export async function parseConfiguration(
  change: (yaml: string) => string,
  {
    files,
    further = {},
  }: {
    readonly files?: ProjectFiles | undefined;
    readonly further?: ProjectFiles | undefined;
  } = {},
): Promise<ParsedProject> {
  const folder = await mkdtemp(join(tmpdir(), "promoter-"));
  try {
    await (files ? writeFiles(folder, files) : copyShipped(folder, change));
    await writeFiles(folder, further);
    const loaded = await loadConfiguration({ root: folder, config: "promoter.yml" });
    if (loaded.kind === "ok") return loaded;
    throw new Error(
      loaded.faults.map(({ file, line, message }) => `${file}:${line} ${message}`).join("\n"),
    );
  } finally {
    await rm(folder, { recursive: true });
  }
}

async function copyShipped(folder: string, change: (yaml: string) => string): Promise<void> {
  await cp(join(root, "deploy"), join(folder, "deploy"), { recursive: true });
  await writeFile(
    join(folder, "promoter.yml"),
    change(await readFile(join(root, "promoter.yml"), "utf8")),
  );
}

async function writeFiles(folder: string, files: ProjectFiles): Promise<void> {
  for (const [path, content] of Object.entries(files)) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), content);
  }
}

/** Nobody is asked. */
export function withoutApproval(yaml: string): string {
  return yaml.replace(/^ +approval:.*\n/m, "");
}
