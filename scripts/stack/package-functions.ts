import { rm, writeFile } from "node:fs/promises";
import { resolve } from "node:path";
import type { Project } from "../../src/config/load-configuration.ts";
import { bundleFunctions } from "./bundle-functions.ts";

export interface Packaging {
  /** Folder of serverless.yml. */
  readonly root: string;
  /**
   * Below the root; emptied first. Gets `<key>/index.mjs` and `<key>/promoter.json` for each
   * function.
   */
  readonly outdir: string;
  readonly functions: readonly { readonly key: string; readonly handler: string }[];
  readonly project: Project;
}

/** What Lambda gets of each function: its bundle, and the configuration that it reads. */
export async function packageFunctions({
  root,
  outdir,
  functions,
  project,
}: Packaging): Promise<void> {
  await rm(resolve(root, outdir), { recursive: true, force: true });
  await bundleFunctions({
    root,
    outdir,
    entries: Object.fromEntries(
      functions.map(({ key, handler }) => [key, handler.replace(/\.\w+$/, ".ts")]),
    ),
  });
  await Promise.all(
    functions.map(({ key }) =>
      writeFile(resolve(root, outdir, key, "promoter.json"), packagedWith(key, project)),
    ),
  );
}

/** Only one function makes pod specs, so only one carries them. */
function packagedWith(key: string, { configuration, podSpecs }: Project): string {
  return JSON.stringify({ configuration, podSpecs: key === "preparePodSpec" ? podSpecs : {} });
}
