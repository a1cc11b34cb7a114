import { execFile } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { promisify } from "node:util";
import { createLocalCloud, type LocalCloud } from "@promoter/local-cloud";
import { loadTemplate } from "../scripts/stack/load-template.ts";
import { repositoriesOf, type Configuration } from "../src/domain/configuration.ts";
import { imageName } from "../src/domain/image/reference.ts";
import { isRepositoryName, type RepositoryName } from "../src/domain/image/repository.ts";
import { plainMember } from "../src/domain/member-source.ts";
import type { KubernetesObject } from "../src/domain/pod-spec/object.ts";
import { rulesSchema } from "../src/domain/rules/index.ts";
import { hasEnded, pushVersion, root, shippedConfiguration } from "./bench-cloud.ts";
import { findCrane } from "./find-crane.ts";
import type { Row, Section } from "./report.ts";
import { openSlowDoor, type SlowDoor } from "./slow-door.ts";

interface Comparison {
  readonly images: number;
  /** Milliseconds by which every call to the registry is delayed. */
  readonly late: number;
}

/**
 * The tags that RetagImages writes, and the same by crane on the same registry: one after the
 * other, and eight at once.
 */
export async function compareRetag({ images, late }: Comparison): Promise<Section> {
  const crane = await findCrane();
  const opened = await timeRetag({ images, late, rate: 1_000 }, (registry) =>
    crane === undefined ? Promise.resolve([]) : timeCrane(registry, crane),
  );
  const quota = await timeRetag({ images, late, rate: 10 }, () => Promise.resolve([]));
  const title = `tags on ${images} images, every registry call ${late} ms late${crane === undefined ? "; not compared: neither crane nor Go is installed" : ""}`;
  const rows: readonly Row[] = [
    { name: "RetagImages, rate opened", value: opened.took, unit: "ms", kind: "timed" },
    { name: "  calls per image", value: opened.calls, unit: "", kind: "counted", bound: 2 },
    ...opened.others.flatMap(({ name, took, calls, share }) => [
      { name, value: took, unit: "ms", kind: "timed" as const },
      { name: "  calls per image", value: calls, unit: "", kind: "counted" as const },
      {
        name: "  RetagImages takes of that",
        value: (opened.took / took) * 100,
        unit: "%",
        kind: "timed" as const,
        bound: share,
      },
    ]),
    {
      name: "RetagImages, 10 PutImage a second, ECR's quota",
      value: quota.took,
      unit: "ms",
      kind: "timed",
    },
    {
      name: "  minimum under that quota",
      value: (Math.ceil(images / 10) - 1) * 1_000,
      unit: "ms",
      kind: "counted",
    },
  ];
  return { title, rows };
}

interface Timed {
  readonly name: string;
  readonly took: number;
  /** For each image. */
  readonly calls: number;
  /** Per cent of it that RetagImages may take. */
  readonly share: number;
}

interface LocalRegistry {
  readonly cloud: LocalCloud;
  readonly door: SlowDoor;
  readonly repositories: readonly RepositoryName[];
}

async function timeRetag(
  { images, late, rate }: Comparison & { readonly rate: number },
  beside: (registry: LocalRegistry) => Promise<readonly Timed[]>,
): Promise<Pick<Timed, "took" | "calls"> & { readonly others: readonly Timed[] }> {
  const door = await openSlowDoor();
  const configuration = await configurationOf(images, rate);
  const repositories = Object.values(configuration.applications).flatMap(repositoriesOf);
  const retags: number[] = [];
  const log = (record: Readonly<Record<string, unknown>>): void =>
    void (
      record["function"] === "RetagImages" &&
      typeof record["took"] === "number" &&
      retags.push(record["took"])
    );
  const template = await loadTemplate({ root, configuration });
  const functions = template.functions.map((one) => ({
    ...one,
    environment: { ...one.environment, AWS_ENDPOINT_URL_ECR: door.origin },
  }));
  const cloud = await createLocalCloud({
    configuration,
    podSpecs: podSpecsOf(configuration),
    template: { ...template, functions },
    root,
    log,
  });
  door.leadTo(cloud.origin);
  try {
    for (const repository of repositories) {
      await pushVersion(cloud, { repository, version, tag: `dev-${version}` });
    }
    door.delay(late);
    await until(() => retags.length > 0);
    await until(() => hasEnded(cloud, 1));
    const calls = cloud.calls.calls.filter(
      ({ functionName, action }) =>
        functionName?.endsWith("-retag-images") && action.startsWith("ecr:"),
    );
    return {
      took: retags[0] ?? Number.NaN,
      calls: calls.length / images,
      others: await beside({ cloud, door, repositories }),
    };
  } finally {
    door.close();
    await cloud.close();
  }
}

const version = "1.0.0";

async function until(condition: () => boolean): Promise<void> {
  const limit = performance.now() + 240_000;
  while (!condition()) {
    if (performance.now() > limit) {
      throw new Error("the release did not get its tags within four minutes");
    }
    await pause(20);
  }
}

/** The shipped application with this many images, with no approval and no rule that delays it. */
async function configurationOf(images: number, putImageRate: number): Promise<Configuration> {
  const { configuration } = await shippedConfiguration();
  const { orderbook } = configuration.applications;
  const production = orderbook?.environments["production"];
  if (!orderbook || !production) throw new Error("promoter.yml has no orderbook with production");
  const members = Array.from({ length: images }, (_, index) => `image-${index}`)
    .filter(isRepositoryName)
    .map((name) => plainMember(name, orderbook.source.tag));
  const environments = {
    production: { ...production, rules: rulesSchema.parse({}), approval: undefined },
  };
  return {
    ...configuration,
    registry: { ...configuration.registry, putImageRate },
    applications: { orderbook: { ...orderbook, members, environments } },
  };
}

/** One Deployment that runs all of them. */
function podSpecsOf({
  registry,
  applications,
}: Configuration): Readonly<Record<string, readonly KubernetesObject[]>> {
  return Object.fromEntries(
    Object.values(applications).flatMap(({ name, members, environments }) =>
      Object.values(environments).map(({ name: key, podSpec }) => {
        const namespace = podSpec?.namespace ?? "";
        const containers = members.map(({ repository }) => ({
          name: repository,
          image: `${imageName(registry, repository)}:dev`,
        }));
        const template = { metadata: { labels: { app: name } }, spec: { containers } };
        const objects = [
          { apiVersion: "v1", kind: "Namespace", metadata: { name: namespace } },
          {
            apiVersion: "apps/v1",
            kind: "Deployment",
            metadata: { name, namespace },
            spec: { replicas: 1, selector: { matchLabels: { app: name } }, template },
          },
        ];
        return [`${name}/${key}`, objects];
      }),
    ),
  );
}

async function timeCrane(
  { cloud, door, repositories }: LocalRegistry,
  crane: string,
): Promise<readonly Timed[]> {
  const { host } = new URL(door.origin);
  const home = await mkdtemp(join(tmpdir(), "promoter-bench-"));
  const { user, password } = cloud.registryCredentials;
  await writeFile(
    join(home, "config.json"),
    JSON.stringify({
      auths: { [host]: { auth: Buffer.from(`${user}:${password}`).toString("base64") } },
    }),
  );
  const run = promisify(execFile);
  const tag = (repository: string, name: string): Promise<unknown> =>
    run(crane, ["tag", "--insecure", `${host}/${repository}:dev-${version}`, name], {
      env: { ...process.env, HOME: home, DOCKER_CONFIG: home },
    });
  const timed = async (
    name: string,
    { loops, share }: { readonly loops: number; readonly share: number },
  ): Promise<Timed> => {
    door.count();
    const start = performance.now();
    const waiting = repositories.values();
    const loop = async (): Promise<void> => {
      for (const repository of waiting) await tag(repository, `crane-${loops}`);
    };
    await Promise.all(Array.from({ length: loops }, loop));
    return {
      name,
      took: performance.now() - start,
      calls: door.count() / repositories.length,
      share,
    };
  };
  try {
    return [
      await timed("crane, sequential", { loops: 1, share: 50 }),
      await timed("crane, eight at once", { loops: 8, share: 100 }),
    ];
  } finally {
    await rm(home, { recursive: true });
  }
}
