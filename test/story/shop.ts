import { cp, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { loadConfiguration, type LoadedConfiguration } from "../../src/config/load-configuration.ts";

const root = new URL("../..", import.meta.url).pathname;

/** The shipped project with promoter.yml changed by `change`; the objects stay. Throws the faults. */
export async function parseConfiguration(change: (yaml: string) => string): Promise<Extract<LoadedConfiguration, { kind: "ok" }>> {
  const folder = await mkdtemp(join(tmpdir(), "promoter-"));
  try {
    await cp(join(root, "deploy"), join(folder, "deploy"), { recursive: true });
    await writeFile(join(folder, "promoter.yml"), change(await readFile(join(root, "promoter.yml"), "utf8")));
    const loaded = await loadConfiguration({ root: folder, config: "promoter.yml" });
    if (loaded.kind === "ok") return loaded;
    throw new Error(loaded.faults.map(({ file, line, message }) => `${file}:${line} ${message}`).join("\n"));
  } finally {
    await rm(folder, { recursive: true });
  }
}
