import type { Digest } from "../../src/domain/image/digest.ts";
import type { RepositoryName } from "../../src/domain/image/repository.ts";
import type { Tag } from "../../src/domain/image/tag.ts";
import type { KubernetesObject } from "../../src/domain/pod-spec/object.ts";
import { registry } from "./deployment.ts";
import type { Events } from "./events.ts";
import type { ModelWorld } from "./model-world.ts";

export interface Image {
  readonly repository: RepositoryName;
  readonly digest: Digest;
  readonly version: string;
  /** Its pods get ready so long after they were applied. */
  readonly readyAfter: number;
  readonly rollout: "complete" | "stalled" | "progressing";
  readonly critical: boolean;
}

export interface Images {
  /** A build of a member arrives under its dev tag. */
  push(version: string, repository: RepositoryName): void;
  find(digest: string): Image | undefined;
}

export function imagesOf(world: ModelWorld, events: Events): Images {
  const images = new Map<string, Image>();
  const applied = new Map<string, { readonly digest: string; readonly since: number }>();
  world.watchers.push(({ port, method, args: [object] }) => {
    if (port !== "cluster" || method !== "apply") return;
    const { metadata } = object as KubernetesObject;
    const [digest = ""] = digestsIn(object);
    const key = `${metadata.namespace}/${metadata.name}`;
    if (applied.get(key)?.digest !== digest) {
      applied.set(key, { digest, since: world.timeline.now() });
    }
  });
  world.stores.cluster.rollout((object) => {
    const [digest = ""] = digestsIn(object);
    const image = images.get(digest);
    const since = applied.get(`${object.metadata.namespace}/${object.metadata.name}`)?.since ?? 0;
    if (!image || world.timeline.now() >= since + image.readyAfter) {
      return image?.rollout ?? "complete";
    }
    return "progressing";
  });
  let pushes = 0;
  return {
    find: (digest) => images.get(digest),
    push(version, repository) {
      pushes += 1;
      const name = `push ${pushes} ${repository} ${version}`;
      const { digest } = world.stores.registry.addImage(repository, {
        tag: `dev-${version}` as Tag,
        content: name,
      }).manifest;
      const image = drawImage(world, { repository, digest, version });
      images.set(digest, image);
      world.log(
        `${name}: ${digest.slice(0, 15)} ${image.rollout} after ${image.readyAfter} ms${image.critical ? ", critical" : ""}`,
      );
      const event = {
        id: name,
        ...registry,
        time: new Date(world.timeline.now()).toISOString(),
        action: "PUSH",
        result: "SUCCESS",
        repository,
        digest,
        tag: `dev-${version}`,
        mediaType: "application/vnd.oci.image.manifest.v1+json",
        artifactType: "application/vnd.oci.image.config.v1+json",
      };
      events.deliver({ step: "OnImagePush", input: event, name: `event of ${name}` });
      scan(world, { events, image, name });
    },
  };
}

function drawImage(
  { draws, chances }: ModelWorld,
  image: Pick<Image, "repository" | "digest" | "version">,
): Image {
  const draw = draws(`image ${image.digest}`);
  const bad = chances.has("bad rollouts") ? 0.35 : 0.04;
  return {
    ...image,
    readyAfter: draw.spread(1_000, chances.isHurried ? 15_000 : 240_000),
    critical: draw.chance(chances.has("redeployments") ? 0.3 : 0.1),
    rollout: draw.chance(bad) ? draw.pick(["stalled", "stalled", "progressing"]) : "complete",
  };
}

function scan(
  { stores, timeline, draws }: ModelWorld,
  {
    events,
    image,
    name,
  }: { readonly events: Events; readonly image: Image; readonly name: string },
): void {
  const draw = draws(`scan of ${name}`);
  stores.scans.set(image, { kind: "in-progress" });
  timeline.after(draw.spread(2_000, 900_000), () => {
    stores.scans.set(image, {
      kind: "complete",
      counts: image.critical ? { CRITICAL: 1 } : {},
      completedAt: timeline.now(),
    });
    events.deliver({
      step: "OnFactsChanged",
      input: { repository: image.repository },
      name: `event of the scan of ${name}`,
    });
  });
}

/** The digests that the containers of an object are pinned to. */
export function digestsIn(object: unknown): readonly string[] {
  if (typeof object === "string") return /@(sha256:[0-9a-f]{64})$/.exec(object)?.slice(1) ?? [];
  if (typeof object !== "object" || object === null) return [];
  return Object.entries(object).flatMap(([key, value]: readonly [string, unknown]) =>
    key === "managedFields" ? [] : digestsIn(value),
  );
}
