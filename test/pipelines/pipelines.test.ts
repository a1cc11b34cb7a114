import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startWorld, type StoryWorld } from "../story/start-world.ts";
import { lacksProgram, programPath } from "./find-programs.ts";
import { kanikoFlags } from "./kaniko-flags.ts";
import { commit, examples, pipelines, source, type Pipeline } from "./pipelines.ts";
import { runJob, type Runner } from "./run-job.ts";

const run = promisify(execFile);
const repositories = ["orderbook-api", "orderbook-ui"];
const env = { ...process.env, PATH: programPath };

describe.each(pipelines)("$file", ({ jobs, file }) => {
  it("tests first, and builds every member only when the tests have passed", () => {
    const [test, build, ...others] = jobs;
    expect(others).toEqual([]);
    expect(test?.scripts).toEqual(["node --test"]);
    expect(build?.needs).toContain(test?.name);
    expect(build?.members.map((member) => `orderbook-${member}`)).toEqual(repositories);
  });

  it("names no image without a version", () => {
    const images = jobs.flatMap((job) => job.images);
    expect(images.length).toBeGreaterThan(0);
    for (const image of images) expect(image).toMatch(/:v?\d[\w.-]*$/);
  });

  it("builds with the maintained Kaniko and with flags that it documents", async () => {
    const text = await readFile(join(examples, file), "utf8");
    expect(text).toMatch(/ghcr\.io\/osscontainertools\/kaniko:v/);
    expect(text).not.toContain("gcr.io/kaniko-project");
    const afterKaniko = jobs
      .flatMap(({ scripts }) => scripts)
      .join("\n")
      .split(/kaniko\/executor|"\$KANIKO"/)
      .slice(1)
      .join("\n");
    const flags = [...afterKaniko.matchAll(/(?<=\s)--[a-z-]+/g)].map(([flag]) => flag);
    expect(flags).toEqual(
      expect.arrayContaining(["--context", "--destination", "--label", "--digest-file"]),
    );
    expect(flags.filter((flag) => !kanikoFlags.has(flag))).toEqual([]);
  });

  it("holds no key: it takes its role by OIDC or by the identity of its pod", async () => {
    const text = await readFile(join(examples, file), "utf8");
    expect(text).not.toMatch(/AKIA|aws_secret_access_key\s*[:=]/i);
    expect(text).toMatch(/id_tokens|CIRCLE_OIDC_TOKEN_V2|id-token: write|serviceAccountName/);
  });
});

describe.skipIf(lacksProgram("check-jsonschema"))(
  "the schemas that check-jsonschema brings",
  () => {
    it.each([
      ["gitlab-ci.yml", ["--builtin-schema", "vendor.gitlab-ci", "--data-transform", "gitlab-ci"]],
      ["circleci.yml", ["--builtin-schema", "vendor.circle-ci"]],
      ["github-actions.yml", ["--builtin-schema", "vendor.github-workflows"]],
    ] as const)("accept %s", async (file, options) => {
      const { stdout } = await run("check-jsonschema", [...options, join(examples, file)], {
        env,
        encoding: "utf8",
      });
      expect(stdout).toContain("ok");
    });
  },
);

describe.skipIf(lacksProgram("actionlint"))("actionlint", () => {
  it("finds nothing in github-actions.yml", async () => {
    const { stdout } = await run("actionlint", [join(examples, "github-actions.yml")], {
      env,
      encoding: "utf8",
    });
    expect(stdout).toBe("");
  });
});

describe.skipIf(lacksProgram("npm-groovy-lint"))("npm-groovy-lint", () => {
  it("finds nothing in the Jenkinsfile", async () => {
    const { stdout } = await run(
      "npm-groovy-lint",
      [
        "--noserver",
        "--failon",
        "none",
        "--output",
        "json",
        "--path",
        examples,
        "--files",
        "**/Jenkinsfile",
      ],
      { env, encoding: "utf8" },
    );
    const { files } = JSON.parse(stdout.slice(stdout.indexOf("{"))) as {
      readonly files: Readonly<Record<string, { readonly errors: readonly unknown[] }>>;
    };
    expect(Object.keys(files)).toHaveLength(1);
    expect(Object.values(files).flatMap(({ errors }) => errors)).toEqual([]);
  });
});

describe.skipIf(lacksProgram("buildah"))(
  "the commands of the jobs, with buildah in the place of Kaniko",
  () => {
    let folder = "";
    let storage = "";

    beforeAll(async () => {
      folder = await mkdtemp(join(tmpdir(), "promoter-pipelines-"));
      storage = join(folder, "storage");
      await makeBaseImage(storage);
    });
    afterAll(() => rm(folder, { recursive: true, force: true }));

    it.each(pipelines)("$file brings the whole release, which is promoted", async (pipeline) => {
      const world = await startWorld();
      const runner = (name: string): Runner => ({
        project: join(folder, pipeline.file, name, "orderbook"),
        home: join(folder, pipeline.file, name, "home"),
        storage,
        registry: new URL(world.cloud.origin).host,
        credentials: `${world.cloud.registryCredentials.user}:${world.cloud.registryCredentials.password}`,
      });
      const digests = await runPipeline(pipeline, runner);
      await world.cloud.settle();
      expect(repositories.map((repository) => world.tagged(repository, "dev-1.4.2"))).toEqual(
        digests,
      );
      expect(await labels(world, "orderbook-ui")).toEqual({
        "org.opencontainers.image.revision": commit,
        "org.opencontainers.image.source": source,
        "org.opencontainers.image.created": expect.stringMatching(
          /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/,
        ),
      });
      expect(await world.approve()).toBe("Promoted");
      expect(repositories.map((repository) => world.tagged(repository, "prod-1.4.2"))).toEqual(
        digests,
      );
    });
  },
);

/** Every job once, or once for each member; gives the digests that the build kept. */
async function runPipeline(
  pipeline: Pipeline,
  runner: (name: string) => Runner,
): Promise<readonly string[]> {
  const kept: string[] = [];
  for (const job of pipeline.jobs) {
    for (const member of job.members.length === 0 ? [undefined] : job.members) {
      const at = runner(`${job.name}-${member ?? "all"}`);
      await runJob({ pipeline, job, ...(member === undefined ? {} : { member }) }, at);
      if (member !== undefined) {
        kept.push((await readFile(join(at.project, `digests/orderbook-${member}`), "utf8")).trim());
      }
    }
  }
  return kept;
}

/** What the Dockerfiles begin from, empty: nothing is fetched, and nothing in it is run. */
async function makeBaseImage(storage: string): Promise<void> {
  const buildah = (...args: readonly string[]) =>
    run(
      "buildah",
      ["--storage-driver", "vfs", "--root", storage, "--runroot", `${storage}-run`, ...args],
      { env, encoding: "utf8" },
    );
  const { stdout } = await buildah("from", "scratch");
  await buildah("commit", stdout.trim(), "public.ecr.aws/docker/library/node:24-alpine");
}

async function labels(
  world: StoryWorld,
  repository: string,
): Promise<Readonly<Record<string, string>>> {
  const { user, password } = world.cloud.registryCredentials;
  const read = async (
    path: string,
    accept = "*/*",
  ): Promise<Record<string, Record<string, unknown>>> => {
    const headers = {
      authorization: `Basic ${Buffer.from(`${user}:${password}`).toString("base64")}`,
      accept,
    };
    return (
      await fetch(`${world.cloud.origin}/v2/${repository}/${path}`, { headers })
    ).json() as Promise<Record<string, Record<string, unknown>>>;
  };
  const manifest = await read("manifests/dev-1.4.2", "application/vnd.oci.image.manifest.v1+json");
  const config = await read(`blobs/${String(manifest["config"]?.["digest"])}`);
  const all = (config["config"]?.["Labels"] ?? {}) as Record<string, string>;
  return Object.fromEntries(
    Object.entries(all).filter(([name]) => name.startsWith("org.opencontainers.")),
  );
}
