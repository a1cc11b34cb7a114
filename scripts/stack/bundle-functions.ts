import { copyFile, readFile } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { build, type Plugin } from "esbuild";

/** Some dependencies still call `require`, which an ES module does not have. */
const requireShim =
  "import{createRequire as __createRequire}from'node:module';const require=__createRequire(import.meta.url);";

export interface Bundling {
  /** Folder of serverless.yml. */
  readonly root: string;
  /** Below the root; gets `<key>/index.mjs` for each entry. */
  readonly outdir: string;
  /** Key of the function to its source, `functions/verify-images.ts`. */
  readonly entries: Readonly<Record<string, string>>;
}

/**
 * Where the SDK would look for credentials when the environment has none, each imported only then.
 * Lambda puts those of the role into the environment (developer guide, "Defined runtime environment
 * variables"), so a tenth of a megabyte would never run.
 */
const otherCredentials = [
  ...["http", "ini", "login", "process", "sso", "web-identity"].map(
    (kind) => `@aws-sdk/credential-provider-${kind}`,
  ),
  "@smithy/credential-provider-imds",
];

/** Reads this data from the folder of the bundle that it is in. */
const schemaLoader = "kubernetes-schemas/load.ts";
const schemaData = "kubernetes-schemas/kubernetes.json";

/**
 * One file a function, with everything it needs, and beside it the schemas of Kubernetes where it
 * reads them. All in one go, because what they share is then parsed once.
 */
export async function bundleFunctions({ root, outdir, entries }: Bundling): Promise<void> {
  const { metafile } = await build({
    absWorkingDir: root,
    entryPoints: Object.entries(entries).map(([key, source]) => ({
      in: source,
      out: `${key}/index`,
    })),
    outdir,
    outExtension: { ".js": ".mjs" },
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
    plugins: [sheddingKubernetesModels, sheddingFetch, sheddingNeeds],
    external: otherCredentials,
    metafile: true,
  });
  const readers = Object.entries(metafile.outputs).filter(([, { inputs }]) =>
    Object.keys(inputs).some((input) => input.endsWith(schemaLoader)),
  );
  const data = fileURLToPath(new URL(`../../${schemaData}`, import.meta.url));
  await Promise.all(
    readers.map(([bundle]) => copyFile(data, join(root, dirname(bundle), basename(schemaData)))),
  );
}

/**
 * @kubernetes/client-node does not declare that its modules do nothing when they are imported, so
 * that its generated models (a third of a megabyte, and unused: see
 * src/adapters/kubernetes/kubernetes-request.ts) would stay in every bundle.
 */
const sheddingKubernetesModels: Plugin = {
  name: "shed-kubernetes-models",
  setup(building) {
    building.onResolve(
      { filter: /./ },
      async ({ path, importer, kind, resolveDir, pluginData }) => {
        const concerned =
          pluginData !== looked && `${importer} ${path}`.includes("@kubernetes/client-node");
        if (!concerned) return undefined;
        // Its own modules name each other by whole file names, so nothing needs to be resolved: one
        // resolution each would take seconds.
        if (path.startsWith(".")) return { path: join(resolveDir, path), sideEffects: false };
        const found = await building.resolve(path, {
          importer,
          kind,
          resolveDir,
          pluginData: looked,
        });
        return { ...found, sideEffects: false };
      },
    );
  },
};

/**
 * KubeConfig imports undici, three quarters of a megabyte, for those who send requests by `fetch`:
 * ours go through node:https (src/adapters/kubernetes/kubernetes-request.ts).
 */
const sheddingFetch: Plugin = {
  name: "shed-fetch",
  setup(building) {
    const namespace = "shed-fetch";
    building.onResolve({ filter: /^undici$/ }, ({ importer }) =>
      importer.includes("@kubernetes/client-node") ? { path: "undici", namespace } : undefined,
    );
    building.onLoad({ filter: /./, namespace }, () => ({
      contents: ["Agent", "ProxyAgent", "fetch"]
        .map((name) => `export function ${name}() { throw new Error("undici is not bundled"); }`)
        .join("\n"),
    }));
  },
};

/** What a task needs is read when the stack is packaged, by `deriveStack`, and never at run time. */
const sheddingNeeds: Plugin = {
  name: "shed-needs",
  setup(building) {
    building.onLoad({ filter: /\/src\/promotion\/.*\.ts$/ }, async ({ path }) => {
      const source = await readFile(path, "utf8");
      const contents = source.replaceAll(
        /= \[[^\]]*\] as const satisfies readonly Need\[\]/g,
        "= []",
      );
      return { contents, loader: "ts" };
    });
  },
};

/** Marks our own resolve call, which would otherwise recurse. */
const looked = Symbol("looked");
