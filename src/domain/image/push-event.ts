import type { Application, Configuration } from "../configuration.ts";
import { isDigest, type Digest } from "./digest.ts";
import { isRepositoryName, type RepositoryName } from "./repository.ts";
import { isTag, type Tag } from "./tag.ts";
import { versionOf } from "./tag-pattern.ts";

/** An "ECR Image Action" event, in our words. Texts are as they came. */
export interface PushEvent {
  readonly id: string;
  readonly account: string;
  readonly region: string;
  /** ISO 8601. */
  readonly time: string;
  readonly action: string;
  readonly result: string;
  readonly repository: string;
  readonly digest: string;
  /** Empty for a push by digest, such as a child of an index. */
  readonly tag: string;
  readonly mediaType: string | undefined;
  readonly artifactType: string | undefined;
}

export type PushClass =
  | { readonly kind: "member"; readonly application: string; readonly version: string; readonly repository: RepositoryName; readonly digest: Digest; readonly tag: Tag }
  | { readonly kind: "ignored"; readonly reason: string };

/** cosign's `.sig`, `.att` and `.sbom` tags, and the referrers fallback tag without a suffix (OCI distribution spec 1.1). */
const signatureTag = /^sha256-[0-9a-f]{64}(\.(sig|att|sbom))?$/;

/** Config media types of real images; anything else is a chart, a signature or some other artifact. */
const imageConfigs = ["application/vnd.oci.image.config.v1+json", "application/vnd.docker.container.image.v1+json"];

/** Whether a push brings a member of a release, or why it is none of our business. */
export function classifyPush(event: PushEvent, configuration: Configuration): PushClass {
  const { repository, digest, tag } = event;
  const reason = foreign(event, configuration) ?? noImageTag(event);
  if (reason !== undefined) return ignored(reason);
  const application = Object.values(configuration.applications).find(({ repositories }) => repositories.some((name) => name === repository));
  if (!application || !isRepositoryName(repository)) return ignored(unknownRepository(repository));
  if (!isDigest(digest) || !isTag(tag)) return ignored(`"${tag}" with digest "${digest}" is no image reference`);
  if (isOurs(application, tag)) return ignored(`${repository}:${tag} is a production tag, written by a promotion`);
  const version = versionOf(application.source.tag, tag);
  if (version === undefined) return ignored(`${repository}:${tag} is no ${application.source.tag.prefix}{version}${application.source.tag.suffix} tag`);
  return { kind: "member", application: application.name, version, repository, digest, tag };
}

function ignored(reason: string): PushClass {
  return { kind: "ignored", reason };
}

function foreign({ account, region, action, result, repository }: PushEvent, { registry }: Configuration): string | undefined {
  if (account !== registry.account || region !== registry.region) return `${repository} is in registry ${account} ${region}, promoter.yml names ${registry.account} ${registry.region}`;
  return action === "PUSH" && result === "SUCCESS" ? undefined : `it is ${action} ${result}, no successful push`;
}

function noImageTag({ tag, artifactType }: PushEvent): string | undefined {
  if (tag === "") return "it has no tag: a child of an index, or an attestation";
  if (signatureTag.test(tag)) return `${tag} is a signature, attestation or SBOM`;
  return artifactType === undefined || imageConfigs.includes(artifactType) || artifactType.includes(".index.") || artifactType.includes("manifest.list")
    ? undefined : `it is no container image but ${artifactType}`;
}

/** kaniko keeps its layer cache in `<repository>/cache`. */
function unknownRepository(repository: string): string {
  return repository.endsWith("/cache") ? `${repository} is a build cache` : `no application has the repository ${repository}`;
}

function isOurs({ environments }: Application, tag: Tag): boolean {
  return Object.values(environments).some(({ tags }) => tags.moving === tag || versionOf(tags.release, tag) !== undefined);
}
