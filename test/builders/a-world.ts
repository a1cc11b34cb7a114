import { createHash, createHmac } from "node:crypto";
import type { Configuration, Environment, PodSpecSource } from "../../src/domain/configuration.ts";
import type { Mac } from "../../src/domain/hash.ts";
import type { Digest } from "../../src/domain/image/digest.ts";
import type { PushEvent } from "../../src/domain/image/push-event.ts";
import { imageName } from "../../src/domain/image/reference.ts";
import type { RepositoryName } from "../../src/domain/image/repository.ts";
import { parseTagPattern, type TagPattern } from "../../src/domain/image/tag-pattern.ts";
import type { Tag } from "../../src/domain/image/tag.ts";
import { listAt, recordAt } from "../../src/domain/json.ts";
import { plainMember, type MemberSource } from "../../src/domain/member-source.ts";
import type { KubernetesObject } from "../../src/domain/pod-spec/object.ts";
import type { Promotion, PromotionId } from "../../src/domain/promotion.ts";
import { rulesSchema } from "../../src/domain/rules/index.ts";
import { everyVersion, type VersionPolicy } from "../../src/domain/version-policy.ts";
import type { Approvals } from "../../src/ports/approvals.ts";
import type { Configurations } from "../../src/ports/configurations.ts";
import type { Environments } from "../../src/ports/environments.ts";
import type { IgnoredPushes } from "../../src/ports/ignored-pushes.ts";
import type { OpenWork } from "../../src/ports/open-work.ts";
import type { Promotions } from "../../src/ports/promotions.ts";
import type { Releases } from "../../src/ports/releases.ts";
import type { Schemas } from "../../src/ports/schemas.ts";
import type { Trail } from "../../src/ports/trail.ts";
import type { Wait, Waits } from "../../src/ports/waits.ts";
import { resolveRelease } from "../../src/promotion/steps/resolve-release.ts";
import { fakeApprovals } from "../fakes/approvals.ts";
import { fakeCluster, type FakeCluster } from "../fakes/cluster.ts";
import { fakeClusters } from "../fakes/clusters.ts";
import { fakeEnvironments } from "../fakes/environments.ts";
import { fakeEventBus } from "../fakes/event-bus.ts";
import { fakeIgnoredPushes } from "../fakes/ignored-pushes.ts";
import { fakeImageRegistry, type FakeImageRegistry } from "../fakes/image-registry.ts";
import { fakeMessenger } from "../fakes/messenger.ts";
import { fakeObjectArchives, type FakeObjectArchives } from "../fakes/object-archives.ts";
import { fakeObservers } from "../fakes/observers.ts";
import { fakeOpenWork } from "../fakes/open-work.ts";
import { fakePromotions } from "../fakes/promotions.ts";
import { fakeReleases } from "../fakes/releases.ts";
import { fakeScanReports } from "../fakes/scan-reports.ts";
import { fakeSchemas } from "../fakes/schemas.ts";
import { fakeTrail } from "../fakes/trail.ts";
import { fakeWaits } from "../fakes/waits.ts";
import { fakeWorkflow, type FakeWorkflow } from "../fakes/workflow.ts";

/**
 * All ports over their fakes, with the application `shop`; it can be handed to every step as its
 * ports.
 */
export interface ShopWorld {
  readonly clock: { now(): number };
  readonly hash: (text: string) => string;
  readonly mac: Mac;
  readonly configurations: Configurations;
  readonly promotions: Promotions;
  readonly environments: Environments;
  readonly releases: Releases;
  readonly approvals: Approvals;
  readonly archives: FakeObjectArchives;
  readonly waits: Waits;
  readonly openWork: OpenWork;
  readonly ignoredPushes: IgnoredPushes;
  readonly trail: Trail;
  readonly registry: FakeImageRegistry;
  readonly scans: ReturnType<typeof fakeScanReports>;
  readonly schemas: Schemas;
  readonly cluster: FakeCluster;
  readonly clusters: ReturnType<typeof fakeClusters>;
  readonly messenger: ReturnType<typeof fakeMessenger>;
  readonly observers: ReturnType<typeof fakeObservers>;
  readonly workflow: FakeWorkflow;
  readonly bus: ReturnType<typeof fakeEventBus>;
  /** Time goes on by so many milliseconds. */
  pass(milliseconds: number): void;
  /**
   * For steps that sleep: whatever needs no time happens first, then time has gone on by so many
   * milliseconds.
   */
  pause(milliseconds: number): Promise<void>;
  /** The stack is deployed again: with another production environment, or without one. */
  redeploy(change: EnvironmentChange | undefined): void;
  /**
   * Both images of a version under their dev tags; `content` makes other digests of the same
   * version.
   */
  push(version: string, content?: string): Readonly<Record<"shop-api" | "shop-ui", Digest>>;
  /** Starts an execution and carries out `ResolveRelease`. */
  open(input: Opening): Promise<Promotion>;
  promotion(id: PromotionId): Promise<Promotion>;
  /** Somebody sleeps under the token `token-<id>`. */
  sleep(promotion: PromotionId, kind: Wait["kind"]): Promise<void>;
}

/** Either of `tags` and `podSpec` may go, not both. */
export type EnvironmentChange = Partial<Pick<Environment, keyof Environment>>;

export interface WorldOptions {
  /** Replaces parts of the production environment. */
  readonly production?: EnvironmentChange;
  readonly order?: Configuration["applications"][string]["source"]["order"];
  /** Of the source. */
  readonly versions?: Partial<VersionPolicy>;
  readonly objects?: readonly KubernetesObject[];
  /** The objects of production come in the artifact `shop-manifests`, which `push` pushes too. */
  readonly artifact?: boolean;
  readonly putImageRate?: number;
}

export interface Opening {
  readonly id: PromotionId;
  readonly version: string;
  readonly application?: string;
  readonly environment?: string;
  readonly mode?: "plan";
  readonly back?: true;
  readonly requester?: string;
}

export const production = { application: "shop", environment: "production" };
export const repositories = {
  api: "shop-api" as RepositoryName,
  ui: "shop-ui" as RepositoryName,
  manifests: "shop-manifests" as RepositoryName,
};
export const start = Date.UTC(2026, 0, 5, 9);
const registry = { account: "111122223333", region: "eu-west-1" };

export const pattern = (text: string): TagPattern => {
  const parsed = parseTagPattern(text);
  if (!parsed) throw new Error(`${text} is no tag pattern`);
  return parsed;
};
export const tag = (text: string): Tag => text as Tag;
/** As `images` of promoter.yml lists repositories. */
export const plainMembers = (
  names: readonly RepositoryName[],
  source = "dev-{version}",
): readonly MemberSource[] => names.map((name) => plainMember(name, pattern(source)));

export const sha256 = (text: string): string => createHash("sha256").update(text).digest("hex");
const hmacSha256: Mac = (key, text) =>
  createHmac("sha256", Buffer.from(key, "hex")).update(text).digest("hex");

export const approval: NonNullable<Environment["approval"]> = {
  channel: "#releases",
  approvers: ["ANNA", "BEN"],
  required: 1,
  expires: 86_400_000,
  requester: "may-not-approve",
};

export const shopPodSpec: PodSpecSource = {
  cluster: "shop-prod",
  namespace: "shop",
  objects: { kind: "files", folder: "deploy/shop" },
  rollout: 600_000,
  force: false,
  failFast: true,
  kinds: [],
  restartOnConfig: true,
  images: "fields",
};

const productionEnvironment: Environment = {
  name: "production",
  after: undefined,
  versions: everyVersion,
  tags: { release: pattern("prod-{version}"), moving: tag("prod") },
  rules: rulesSchema.parse({}),
  approval,
  podSpec: shopPodSpec,
};

export function changedEnvironment(before: Environment, change: EnvironmentChange): Environment {
  return { ...before, ...change } as Environment;
}

export function deployment(name: string, image: string): KubernetesObject {
  return {
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: { name, namespace: "shop" },
    spec: {
      replicas: 1,
      selector: { matchLabels: { app: name } },
      template: { metadata: { labels: { app: name } }, spec: { containers: [{ name, image }] } },
    },
  };
}

export const shopObjects: readonly KubernetesObject[] = ["shop-api", "shop-ui"].map((name) =>
  deployment(name, `${imageName(registry, name)}:dev`),
);

/** Of the shop, of which shop-api takes its variables from a ConfigMap. */
export function configuredObjects(data: Readonly<Record<string, string>>): typeof shopObjects {
  const metadata = { name: "settings", namespace: "shop" };
  const envFrom = [{ configMapRef: { name: "settings" } }];
  const [api, ...others] = shopObjects.map((object) => structuredClone(object));
  const [container] = listAt(api, "spec", "template", "spec", "containers");
  Object.assign(recordAt(container), { envFrom });
  return [
    { apiVersion: "v1", kind: "ConfigMap", metadata, data },
    ...(api ? [api] : []),
    ...others,
  ];
}

const broughtAlong: Environment["podSpec"] = productionEnvironment.podSpec && {
  ...productionEnvironment.podSpec,
  objects: { kind: "artifact", repository: repositories.manifests },
};

export function aWorld({
  production: change = {},
  order = "semver",
  versions = {},
  objects = shopObjects,
  artifact = false,
  putImageRate = 10,
}: WorldOptions = {}): ShopWorld {
  let now = start;
  const clock = { now: () => now };
  const cluster = fakeCluster({ clock });
  const images = fakeImageRegistry(clock);
  const configured = (environments: Readonly<Record<string, Environment>>): Configuration => ({
    registry: { ...registry, putImageRate },
    clusters: { "shop-prod": { kind: "context", context: "kind-shop" } },
    applications: {
      shop: {
        name: "shop",
        members: plainMembers([
          repositories.api,
          repositories.ui,
          ...(artifact ? [repositories.manifests] : []),
        ]),
        source: {
          tag: pattern("dev-{version}"),
          order,
          versions: { ...everyVersion, ...versions },
          settle: 120_000,
        },
        environments,
      },
    },
  });
  const base = artifact
    ? changedEnvironment(productionEnvironment, { podSpec: broughtAlong })
    : productionEnvironment;
  let configuration = configured({ production: changedEnvironment(base, change) });
  const fakes = {
    promotions: fakePromotions(),
    environments: fakeEnvironments(),
    releases: fakeReleases(),
    approvals: fakeApprovals(),
    archives: fakeObjectArchives(),
    waits: fakeWaits(),
    ignoredPushes: fakeIgnoredPushes(),
    openWork: fakeOpenWork(),
    trail: fakeTrail(),
    scans: fakeScanReports(),
    schemas: fakeSchemas(),
    messenger: fakeMessenger(),
    observers: fakeObservers(),
    workflow: fakeWorkflow(),
    bus: fakeEventBus(),
  };
  const configurations: Configurations = {
    read: async () => configuration,
    podSpec: async () => objects,
  };
  const pause = async (milliseconds: number): Promise<void> => {
    const until = now + milliseconds;
    await new Promise((resolve) => setTimeout(resolve, 1));
    // On a busy machine the timer may be over before what was already due.
    await new Promise((resolve) => setImmediate(resolve));
    now = Math.max(now, until);
  };
  const world = {
    ...fakes,
    clock,
    pause,
    hash: sha256,
    mac: hmacSha256,
    configurations,
    registry: images,
    cluster,
    clusters: fakeClusters({ "shop-prod": cluster }),
  };
  cluster.applyAs("admin", { apiVersion: "v1", kind: "Namespace", metadata: { name: "shop" } });
  images.addRepository(repositories.api);
  images.addRepository(repositories.ui);
  images.addRepository(repositories.manifests);
  fakes.archives.set(objects);
  return {
    ...world,
    redeploy(next) {
      const { production: before = productionEnvironment } =
        configuration.applications["shop"]?.environments ?? {};
      configuration = configured(
        next
          ? { production: changedEnvironment(before, next) }
          : { staging: { ...before, name: "staging" } },
      );
    },
    pass: (milliseconds) => void (now += milliseconds),
    push: (version, content = "") => ({
      ...(artifact
        ? { "shop-manifests": addArtifact(images, `${version} ${content}`, version) }
        : {}),
      "shop-api": images.addImage(repositories.api, {
        tag: tag(`dev-${version}`),
        content: `api ${version} ${content}`,
      }).manifest.digest,
      "shop-ui": images.addImage(repositories.ui, {
        tag: tag(`dev-${version}`),
        content: `ui ${version} ${content}`,
      }).manifest.digest,
    }),
    open: async (opening) => openWith(world, opening),
    promotion: async (id) => found(await fakes.promotions.read(id), id),
    async sleep(promotion, kind) {
      fakes.workflow.openToken(`token-${promotion}`);
      await fakes.waits.store({
        promotion,
        kind,
        token: `token-${promotion}`,
        since: now,
        until: now + 3_600_000,
      });
    },
  };
}

/** As `oras push` makes it. */
function addArtifact(images: FakeImageRegistry, content: string, version: string): Digest {
  const blob = (text: string): object => {
    const bytes = new TextEncoder().encode(text);
    return { digest: images.addBlob(repositories.manifests, bytes), size: bytes.length };
  };
  const mediaType = "application/vnd.oci.image.manifest.v1+json";
  const text = JSON.stringify({
    schemaVersion: 2,
    mediaType,
    config: { mediaType: "application/vnd.oci.empty.v1+json", ...blob("{}") },
    layers: [{ mediaType: "application/vnd.oci.image.layer.v1.tar+gzip", ...blob(content) }],
  });
  const tagged = { mediaType, text, tag: tag(`dev-${version}`) };
  return images.addManifest(repositories.manifests, tagged).digest;
}

async function openWith(
  world: Omit<ShopWorld, "pass" | "redeploy" | "push" | "open" | "promotion" | "sleep">,
  { id, version, environment = "production", ...rest }: Opening,
): Promise<Promotion> {
  const input = { application: "shop", version, environment, ...rest };
  await world.workflow.start(id, input);
  const startedAt = new Date(world.clock.now()).toISOString();
  await resolveRelease.run(
    {
      promotion: id,
      execution: `arn:aws:states:eu-west-1:111122223333:execution:promotion:${id}`,
      startedAt,
      input,
    },
    world,
  );
  return found(await world.promotions.read(id), id);
}

function found(promotion: Promotion | undefined, id: PromotionId): Promotion {
  if (!promotion) throw new Error(`there is no promotion ${id}`);
  return promotion;
}

/** The event of a successful push of `dev-<version>` to one of the repositories. */
export function pushEvent(
  change: Pick<PushEvent, "id" | "repository" | "digest"> & {
    readonly version: string;
    readonly at?: number;
  } & Partial<PushEvent>,
): PushEvent {
  const { version, at = start, ...rest } = change;
  return {
    ...registry,
    time: new Date(at).toISOString(),
    action: "PUSH",
    result: "SUCCESS",
    tag: `dev-${version}`,
    mediaType: "application/vnd.oci.image.manifest.v1+json",
    artifactType: "application/vnd.oci.image.config.v1+json",
    ...rest,
  };
}
