import {
  buildImage,
  buildIndex,
  type BuiltImage,
  type BuiltIndex,
} from "@promoter/local-cloud/image-builder";
import { pushImage, type Push } from "@promoter/local-cloud/push-image";
import { commonVersion } from "../../src/domain/common-version.ts";
import {
  artifactsOf,
  imagesOf,
  type Application,
  type Environment,
} from "../../src/domain/configuration.ts";
import { shortDigest, parseDigest } from "../../src/domain/image/digest.ts";
import { tagOf } from "../../src/domain/image/tag-pattern.ts";
import type { VersionOrder } from "../../src/domain/version-order.ts";
import { versionRefusal } from "../../src/domain/version-refusal.ts";
import type { Terminal } from "../terminal.ts";

export interface PushReleaseOptions {
  /** Where to push to, and as whom. */
  readonly registry: Required<Pick<Push, "origin" | "credentials">>;
  readonly application: Application;
  readonly version: string;
  /** Members; without it all. */
  readonly only?: readonly string[];
  /** Goes into the images, so that the same version gets other digests, as a rebuild gives it. */
  readonly build?: string;
  /** Nothing more is pushed then. */
  readonly signal: AbortSignal;
}

const firstVersions: Readonly<Record<VersionOrder, string>> = {
  semver: "1.4.2",
  number: "142",
  date: "2026.01.05",
  pushed: "first",
};

export type FirstVersion =
  | { readonly kind: "version"; readonly version: string; readonly environments: readonly string[] }
  | { readonly kind: "none"; readonly reason: string };

/** One that a push alone brings into some environment, and into which. */
export function firstVersion(application: Application): FirstVersion {
  const { source } = application;
  const usual = firstVersions[source.order];
  const [artifact] = artifactsOf(application);
  if (artifact !== undefined) {
    return { kind: "none", reason: describeArtifact(application, artifact) };
  }
  const entries = Object.values(application.environments).filter(
    ({ after }) => after === undefined,
  );
  const version = entries
    .map(({ versions }) => commonVersion([source.versions, versions], [usual]))
    .find((one) => one !== undefined);
  const refusalOf = (environment: Environment): string | undefined =>
    versionRefusal({ application, environment }, version ?? usual);
  if (version === undefined) {
    const reasons = new Set(entries.flatMap((entry) => refusalOf(entry) ?? []));
    return { kind: "none", reason: [...reasons].join("; ") };
  }
  const environments = entries.filter((entry) => refusalOf(entry) === undefined);
  return { kind: "version", version, environments: environments.map(({ name }) => name) };
}

function describeArtifact({ name, source }: Application, artifact: string): string {
  const version = firstVersions[source.order];
  const target = `${artifact}:${tagOf(source.tag, version) ?? version}`;
  return (
    `its objects come in ${artifact}: run \`npm run push -- ${name} ${version}\` and ` +
    `\`npm run promoter -- push-manifests ${target} <folder>\``
  );
}

/**
 * Builds and pushes a real image for every member with the dev tag, one after the other, as a build
 * pipeline does.
 */
export async function pushRelease(
  { registry, application, version, only, build = "", signal }: PushReleaseOptions,
  { line, style }: Terminal,
): Promise<void> {
  // What an artifact holds only its builder knows: `push-manifests` pushes one.
  for (const [index, source] of imagesOf(application).entries()) {
    const { name, repository, tag: pattern } = source;
    if (signal.aborted) return;
    if (only && !only.includes(name)) continue;
    const tag = tagOf(pattern, version) ?? version;
    const image = buildMember({ name, version, build, platforms: platformsOf(application), index });
    const digest = await pushImage({ ...registry, repository, tag, image });
    const kind = image.kind === "index" ? `${image.images.length} platforms` : "1 platform";
    line(`${style("cyan", "push")}  ${repository}:${tag}  ${shortDigestOf(digest)}  (${kind})`);
    await new Promise((resolve) => setTimeout(resolve, 600));
  }
}

function shortDigestOf(text: string): string {
  const digest = parseDigest(text);
  return digest ? shortDigest(digest) : text;
}

function platformsOf({ environments }: Application): readonly string[] {
  const wanted = Object.values(environments).flatMap(({ rules }) => rules.platforms.map(String));
  return [...new Set(["linux/amd64", ...wanted])];
}

interface MemberBuild {
  readonly name: string;
  readonly version: string;
  readonly build: string;
  readonly platforms: readonly string[];
  readonly index: number;
}

/** The last member is a multi-arch index, so that both kinds are seen. */
function buildMember({ platforms, index, ...member }: MemberBuild): BuiltImage | BuiltIndex {
  const images = [...new Set([...platforms, "linux/arm64"])].map((platform) =>
    platformImage({ ...member, platform }),
  );
  const [first] = images;
  return index > 0 || platforms.length > 1 || !first ? buildIndex(images, "oci") : first;
}

function platformImage({
  name,
  version,
  build,
  platform,
}: Omit<MemberBuild, "platforms" | "index"> & { readonly platform: string }): BuiltImage {
  const [os = "linux", architecture = "amd64", variant] = platform.split("/");
  return buildImage({
    platform: { os, architecture, ...(variant === undefined ? {} : { variant }) },
    created: "2026-01-05T08:00:00Z",
    mediaTypes: "oci",
    files: { "app/version": `${name} ${version} ${platform}${build}\n` },
    labels: { "org.opencontainers.image.version": version },
  });
}
