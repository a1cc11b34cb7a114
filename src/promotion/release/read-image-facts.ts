import { parseArtifact } from "../../domain/artifact/parse-artifact.ts";
import { artifactsOf } from "../../domain/configuration.ts";
import type { Digest } from "../../domain/image/digest.ts";
import { parseImageConfig } from "../../domain/image/image-config.ts";
import { imagesIn, treeOf } from "../../domain/image/manifest-graph.ts";
import type { Platform } from "../../domain/image/platform.ts";
import type { StoredManifest } from "../../domain/image/stored-manifest.ts";
import { tagOf } from "../../domain/image/tag-pattern.ts";
import type { Tag } from "../../domain/image/tag.ts";
import type { Member } from "../../domain/release.ts";
import type { ImageFacts, ScanState } from "../../domain/rules/facts.ts";
import { factsNeeded } from "../../domain/rules/index.ts";
import type { FactName } from "../../domain/rules/rule.ts";
import type { Need, PortsFor } from "../../ports/ports.ts";
import type { ConfiguredEnvironment } from "../record/find-environment.ts";
import type { ResolvedPromotion } from "../record/open-promotion.ts";
import { memberTagsOf } from "./member-tags.ts";
import { readImageGraph } from "./read-image-graph.ts";

export const readImageFactsNeeds = [
  "registry.facts",
  "promotions.keepManifest",
] as const satisfies readonly Need[];
export type ReadImageFactsPorts = PortsFor<typeof readImageFactsNeeds>;

interface MemberOfPromotion {
  readonly member: Member;
  readonly promotion: ResolvedPromotion;
  readonly found: ConfiguredEnvironment;
}

/** The facts, and what the production tags point at: both read together from the registry. */
export interface ImageReading {
  readonly facts: ImageFacts;
  readonly tags: Readonly<Record<string, Digest>>;
}

/**
 * Five calls per member: manifest and tags, description, layers, config and scan. An index takes
 * one more per level, and a config and a scan for each of its images. Scans are read only where a
 * rule of the environment needs them.
 */
export async function readImageFacts(
  { member, promotion, found }: MemberOfPromotion,
  ports: ReadImageFactsPorts,
): Promise<ImageReading> {
  const [{ manifest, tags }, record] = await Promise.all([
    ports.registry.readImage(member, productionTags({ member, promotion, found })),
    ports.registry.describeImage(member),
  ]);
  const tagged = Object.fromEntries(tags);
  const missing = (kind: "missing" | "archived"): ImageReading => ({
    facts: { ...member, state: { kind } },
    tags: tagged,
  });
  if (record?.archived) return missing("archived");
  if (!manifest || !record) return missing("missing");
  await ports.promotions.keepManifest(promotion.id, manifest);
  const needed = factsNeeded(found.environment.rules);
  const stored = { manifest, pushedAt: record.pushedAt, needed };
  const isArtifact = artifactsOf(found.application).includes(member.repository);
  const state = isArtifact
    ? await artifactState(member, stored, ports)
    : await presentState(member, stored, ports);
  return { facts: { ...member, state }, tags: tagged };
}

/** Those of the member. */
export function productionTags({ member, promotion, found }: MemberOfPromotion): readonly Tag[] {
  const tags = memberTagsOf(member, found);
  return tags
    ? [tagOf(tags.release, promotion.version), tags.moving].flatMap((tag) => tag ?? [])
    : [];
}

interface StoredImage {
  readonly manifest: StoredManifest;
  readonly pushedAt: number;
  readonly needed: readonly FactName[];
}

/** By its place in promoter.yml, not by what it says of itself: an image in this place is refused. */
async function artifactState(
  { repository }: Member,
  { manifest, pushedAt }: StoredImage,
  { registry }: ReadImageFactsPorts,
): Promise<ImageFacts["state"]> {
  const parsed = parseArtifact(manifest);
  if (parsed.kind === "other") return { kind: "unjudgeable", fault: `it ${parsed.fault}` };
  const blobs = [...new Set([parsed.config, parsed.layer.digest])];
  const missing = await registry.missingLayers(repository, blobs);
  return missing.length > 0
    ? { kind: "incomplete", missing, elsewhere: [] }
    : { kind: "artifact", pushedAt };
}

/** Checks whatever a node could choose from the image: its layers, its config, its scan. */
async function presentState(
  member: Member,
  { manifest, pushedAt, needed }: StoredImage,
  ports: ReadImageFactsPorts,
): Promise<ImageFacts["state"]> {
  const found = await readImageGraph(member.repository, manifest, ports.registry);
  if (found.kind === "unjudgeable") return found;
  if (found.kind === "incomplete") return { ...found, elsewhere: [] };
  const images = imagesIn(found.graph);
  const incomplete = await missingParts(member, images, ports);
  if (incomplete) return incomplete;
  const configs = await Promise.all(images.map((image) => readConfig(member, image, ports)));
  const fault = configs.find(({ fault: one }) => one !== undefined)?.fault;
  if (fault !== undefined) return { kind: "unjudgeable", fault };
  const platforms = new Map(configs.map(({ digest, platform }) => [digest, platform]));
  const scanned = await Promise.all(
    images.map(async (image) => ({
      digest: image.digest,
      platform: image.named ?? platforms.get(image.digest) ?? "",
      scan: needed.includes("scan")
        ? await ports.scans.readScan({ repository: member.repository, digest: image.digest })
        : notRead,
    })),
  );
  return { kind: "present", pushedAt, images: scanned, tree: treeOf(found.graph, platforms) };
}

type GraphImage = ReturnType<typeof imagesIn>[number];

async function missingParts(
  { repository }: Member,
  images: readonly GraphImage[],
  { registry }: ReadImageFactsPorts,
): Promise<ImageFacts["state"] | undefined> {
  const layers = images.flatMap(({ image }) => image.layers);
  const blobs = [...images.map(({ image }) => image.config), ...layers].map(({ digest }) => digest);
  const absent = await registry.missingLayers(repository, [...new Set(blobs)]);
  if (absent.length === 0) return undefined;
  const foreign = new Set(layers.filter((layer) => layer.foreign).map(({ digest }) => digest));
  return {
    kind: "incomplete",
    missing: absent.filter((digest) => !foreign.has(digest)),
    elsewhere: absent.filter((digest) => foreign.has(digest)),
  };
}

interface ImageConfig {
  readonly digest: Digest;
  readonly platform: Platform;
  readonly fault?: string;
}

async function readConfig(
  { repository }: Member,
  { digest, image: { config } }: GraphImage,
  { registry }: ReadImageFactsPorts,
): Promise<ImageConfig> {
  const bytes = await registry.readBlob({ repository, digest: config.digest });
  if (bytes.length !== config.size) {
    return { digest, platform: "", fault: sizeFault(digest, config.size, bytes.length) };
  }
  const parsed = parseImageConfig(bytes);
  return parsed.kind === "config"
    ? { digest, platform: parsed.platform }
    : { digest, platform: "", fault: `the config of ${digest} ${parsed.fault}` };
}

function sizeFault(digest: Digest, declared: number, actual: number): string {
  return `${digest} declares a config of ${declared} bytes, but it has ${actual}, and nodes refuse that`;
}

/** No rule of the environment reads it. */
const notRead: ScanState = { kind: "absent" };
