import { build } from "esbuild";

/** Some dependencies still call `require`, which an ES module does not have. */
const requireShim = "import{createRequire as __createRequire}from'node:module';const require=__createRequire(import.meta.url);";

export interface Bundling {
  /** Folder of serverless.yml. */
  readonly root: string;
  /** `functions/verify-images.ts`. */
  readonly entry: string;
  /** `.build/verifyImages/index.mjs`. */
  readonly outfile: string;
}

/** One file a function, with everything it needs. */
export async function bundleFunction({ root, entry, outfile }: Bundling): Promise<void> {
  await build({
    absWorkingDir: root,
    entryPoints: [entry],
    outfile,
    bundle: true,
    minify: true,
    platform: "node",
    target: "node24",
    format: "esm",
    // The AWS SDK's ES modules shed what is not used, its CommonJS build does not.
    mainFields: ["module", "main"],
    sourcemap: "linked",
    sourcesContent: false,
    legalComments: "none",
    logLevel: "warning",
    banner: { js: requireShim },
  });
}
