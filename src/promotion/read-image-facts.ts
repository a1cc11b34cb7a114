import { parseManifest, type ParsedManifest } from "../domain/image/manifest.ts";
import { noPlatform, platformOfConfig } from "../domain/image/image-config.ts";
import type { Digest } from "../domain/image/digest.ts";
import type { Platform } from "../domain/image/platform.ts";
import type { StoredManifest } from "../domain/image/stored-manifest.ts";
import { tagOf } from "../domain/image/tag-pattern.ts";
import type { Tag } from "../domain/image/tag.ts";
import type { ImageFacts, PlatformImage, ScanState } from "../domain/rules/facts.ts";
import { factsNeeded } from "../domain/rules/index.ts";
import type { FactName } from "../domain/rules/rule.ts";
import type { Member } from "../domain/release.ts";
import type { ImageRegistry } from "../ports/image-registry.ts";
import type { Promotions } from "../ports/promotions.ts";
import type { ScanReports } from "../ports/scan-reports.ts";
import type { Configured } from "./environment-of.ts";
import type { ResolvedPromotion } from "./open-promotion.ts";

export interface ReadImageFactsPorts {
  readonly registry: Pick<ImageRegistry, "readImage" | "readManifests" | "describeImage" | "readBlob" | "missingLayers">;
  readonly scans: ScanReports;
  readonly promotions: Pick<Promotions, "keepManifest">;
}

interface Reading {
  readonly member: Member;
  readonly promotion: ResolvedPromotion;
  readonly found: Configured;
}

/** The facts, and what the production tags point at: both from the same look at the registry. */
export interface ImageReading {
  readonly facts: ImageFacts;
  readonly tags: Readonly<Record<string, Digest>>;
}

/**
 * Five calls a member: manifest and tags, description, layers, config (or the children of an index), and a scan a platform. What no rule
 * of the environment reads is not asked for: neither configs nor scans.
 */
export async function readImageFacts(reading: Reading, ports: ReadImageFactsPorts): Promise<ImageReading> {
  const { member, promotion } = reading;
  const [{ manifest, tags }, record] = await Promise.all([ports.registry.readImage(member, productionTags(reading)), ports.registry.describeImage(member)]);
  const found = Object.fromEntries(tags);
  const missing = (kind: "missing" | "archived"): ImageReading => ({ facts: { ...member, state: { kind } }, tags: found });
  if (record?.archived) return missing("archived");
  if (!manifest || !record) return missing("missing");
  await ports.promotions.keepManifest(promotion.id, manifest);
  const needed = factsNeeded(reading.found.environment.rules);
  const state = await presentState(member, { manifest, pushedAt: record.pushedAt, needed }, ports);
  return { facts: { ...member, state }, tags: found };
}

export function productionTags({ promotion, found }: Pick<Reading, "promotion" | "found">): readonly Tag[] {
  const { release, moving } = found.environment.tags;
  return [tagOf(release, promotion.version), moving].filter((tag) => tag !== undefined);
}

interface Present {
  readonly manifest: StoredManifest;
  readonly pushedAt: number;
  readonly needed: readonly FactName[];
}

async function presentState(member: Member, { manifest, pushedAt, needed }: Present, ports: ReadImageFactsPorts): Promise<ImageFacts["state"]> {
  const children = await platformManifests(member, manifest, ports);
  if (children.kind === "incomplete") return { kind: "incomplete", missing: children.missing };
  const layers = children.images.flatMap(({ parsed }) => [parsed.config, ...parsed.layers]);
  const gone = await ports.registry.missingLayers(member.repository, [...new Set(layers)]);
  if (gone.length > 0) return { kind: "incomplete", missing: gone };
  const images = await Promise.all(children.images.map((image) => platformImage(member, { image, needed }, ports)));
  return { kind: "present", pushedAt, images };
}

const notAsked: ScanState = { kind: "absent" };

interface Wanted {
  readonly image: PlatformManifest;
  readonly needed: readonly FactName[];
}

async function platformImage({ repository }: Member, { image, needed }: Wanted, { registry, scans }: ReadImageFactsPorts): Promise<PlatformImage> {
  const { digest, platform, parsed } = image;
  return {
    digest,
    platform: platform ?? (needed.includes("platforms") ? platformOfConfig(await registry.readBlob({ repository, digest: parsed.config })) : noPlatform),
    scan: needed.includes("scan") ? await scans.readScan({ repository, digest }) : notAsked,
  };
}

interface PlatformManifest {
  readonly digest: Digest;
  /** An index says it; a single image has it in its config. */
  readonly platform: Platform | undefined;
  readonly parsed: Extract<ParsedManifest, { kind: "image" }>;
}

type PlatformManifests = { readonly kind: "complete"; readonly images: readonly PlatformManifest[] } | { readonly kind: "incomplete"; readonly missing: readonly Digest[] };

async function platformManifests(member: Member, manifest: StoredManifest, { registry }: ReadImageFactsPorts): Promise<PlatformManifests> {
  const parsed = parseManifest(manifest);
  if (parsed.kind === "image") return { kind: "complete", images: [{ digest: member.digest, platform: undefined, parsed }] };
  if (parsed.kind === "other") return { kind: "complete", images: [] };
  const wanted = parsed.children.filter(({ attestation }) => !attestation);
  const stored = new Map((await registry.readManifests(member.repository, wanted.map(({ digest }) => digest))).map((one) => [one.digest, one]));
  const missing = wanted.filter(({ digest }) => !stored.has(digest)).map(({ digest }) => digest);
  if (missing.length > 0) return { kind: "incomplete", missing };
  return { kind: "complete", images: wanted.flatMap((child) => childImage(child, stored.get(child.digest))) };
}

function childImage({ digest, platform }: { readonly digest: Digest; readonly platform: Platform | undefined }, stored: StoredManifest | undefined): readonly PlatformManifest[] {
  const parsed = stored && parseManifest(stored);
  return parsed?.kind === "image" ? [{ digest, platform, parsed }] : [];
}
