import {
  artifactsOf,
  membersIn,
  repositoriesOf,
  unlistedRepository,
  type Configuration,
  type OwnedMember,
} from "../configuration.ts";
import { isValidVersion, versionExamples } from "../version-order.ts";
import { policyRefusal } from "../version-policy.ts";
import { productionTag } from "../version-tag.ts";
import { parseDigest, type Digest } from "./digest.ts";
import { imageConfigTypes, imageManifestTypes, indexTypes } from "./media-types.ts";
import type { RepositoryName } from "./repository.ts";
import { formatTagPattern, versionOf } from "./tag-pattern.ts";
import { parseTag, type Tag } from "./tag.ts";

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
  /** Type of the config; absent or odd for an index. */
  readonly artifactType: string | undefined;
}

export type PushClass =
  | {
      readonly kind: "member";
      readonly application: string;
      readonly version: string;
      /** Its name. */
      readonly member: string;
      readonly repository: RepositoryName;
      readonly digest: Digest;
      readonly tag: Tag;
    }
  | { readonly kind: "ignored"; readonly reason: string };

/**
 * cosign's SIGNATURE_SPEC.md (`.sig`, `.att`, `.sbom`), and the referrers tag of the OCI
 * distribution spec 1.1, without a suffix.
 */
const attachedTag = /^sha256-[0-9a-f]{64}(?:\.[a-z]+)?$/;

/** Whether a tag names what belongs to another image. */
export function isAttached(tag: string): boolean {
  return attachedTag.test(tag);
}

/** Whether a push brings a member of a release, or why it does not concern us. */
export function classifyPush(event: PushEvent, configuration: Configuration): PushClass {
  const foreign = foreignEvent(event, configuration);
  if (foreign !== undefined) return ignored(foreign);
  const { repository } = event;
  const owners = membersIn(repository, configuration);
  if (owners.length === 0) return ignored(unknownRepository(repository, configuration));
  const reason = unusableTag(event, owners) ?? unusableMedia(event, owners);
  return reason === undefined ? toMember(event, owners) : ignored(reason);
}

export interface PushTarget {
  readonly application: string;
  /** Whose release tag it would be, were it written by a promotion. */
  readonly tagOf: { readonly environment: string; readonly version: string } | undefined;
}

/**
 * The applications of which a push names a member with a tag of its own, so that someone may be
 * waiting for the result: those whose builds push such tags, or else all that share the repository.
 * Moving tags are left out: only promotions have a use for them.
 */
export function targetApplications(
  event: PushEvent,
  configuration: Configuration,
): readonly PushTarget[] {
  const { repository, tag } = event;
  if (foreignEvent(event, configuration) !== undefined || tag === "" || isAttached(tag)) return [];
  const owners = membersIn(repository, configuration);
  const ours = productionTag(owners, tag);
  if (!ours) {
    const meant = owners.filter(({ member }) => versionOf(member.tag, tag) !== undefined);
    const names = (meant.length > 0 ? meant : owners).map(({ application }) => application.name);
    return [...new Set(names)].map((application) => ({ application, tagOf: undefined }));
  }
  const { application, environment, version } = ours;
  if (version === undefined) return [];
  return [{ application: application.name, tagOf: { environment: environment.name, version } }];
}

function ignored(reason: string): PushClass {
  return { kind: "ignored", reason };
}

function foreignEvent(
  { account, region, action, result, repository }: PushEvent,
  { registry }: Configuration,
): string | undefined {
  if (account !== registry.account || region !== registry.region) {
    const ours = `promoter.yml names ${registry.account} ${registry.region}`;
    return `${repository} is in registry ${account} ${region}, ${ours}`;
  }
  return action === "PUSH" && result === "SUCCESS"
    ? undefined
    : `it is ${action} ${result}, not a successful push`;
}

/** kaniko keeps its layers in `<destination>/cache` unless its flag --cache-repo says otherwise. */
function unknownRepository(repository: string, { applications }: Configuration): string {
  const members = Object.values(applications).flatMap(repositoriesOf);
  const isCache = members.some((member) => repository === `${member}/cache`);
  return isCache ? `${repository} is a build cache` : unlistedRepository(repository);
}

function unusableTag(
  { repository, tag }: PushEvent,
  owners: readonly OwnedMember[],
): string | undefined {
  if (tag === "") {
    return `a push to ${repository} has no tag: a child of an index, or an attestation`;
  }
  if (isAttached(tag)) return `${repository}:${tag} is a signature, attestation or SBOM`;
  const ours = productionTag(owners, tag)?.environment.name;
  return (
    ours &&
    `${repository}:${tag} looks like a production tag of ${ours}; only promotions write those`
  );
}

/**
 * Both types may be absent; what is named must be an image or an index, or an artifact where
 * promoter.yml has one.
 */
function unusableMedia(event: PushEvent, owners: readonly OwnedMember[]): string | undefined {
  const artifacts = owners.flatMap(({ application }) => artifactsOf(application));
  return artifacts.some((name) => name === event.repository)
    ? unusableArtifact(event)
    : unusableImage(event);
}

function unusableArtifact({
  repository,
  tag,
  mediaType,
  artifactType,
}: PushEvent): string | undefined {
  const isIndex = mediaType !== undefined && indexTypes.includes(mediaType);
  const isImage = artifactType !== undefined && imageConfigTypes.includes(artifactType);
  return isIndex || isImage
    ? `${repository}:${tag} is a container image, and promoter.yml expects an artifact with objects`
    : undefined;
}

function unusableImage({
  repository,
  tag,
  mediaType,
  artifactType,
}: PushEvent): string | undefined {
  const isIndex = [mediaType, artifactType].some(
    (type) => type !== undefined && indexTypes.includes(type),
  );
  if (isIndex) return undefined;
  const [other] = [
    ...(mediaType === undefined || imageManifestTypes.includes(mediaType) ? [] : [mediaType]),
    ...(!artifactType || imageConfigTypes.includes(artifactType) ? [] : [artifactType]),
  ];
  return other === undefined
    ? undefined
    : `${repository}:${tag} is not a container image but ${other}`;
}

function toMember(event: PushEvent, owners: readonly OwnedMember[]): PushClass {
  const { repository } = event;
  const [digest, tag] = [parseDigest(event.digest), parseTag(event.tag)];
  if (!digest || !tag) {
    return ignored(`"${event.tag}" with digest "${event.digest}" is not a valid image reference`);
  }
  const fitting = owners.flatMap((owner) => {
    const version = versionOf(owner.member.tag, tag);
    return version === undefined ? [] : [{ ...owner, version }];
  });
  const [first] = fitting;
  if (!first) {
    const patterns = new Set(owners.map(({ member }) => formatTagPattern(member.tag)));
    return ignored(`${repository}:${tag} does not match ${[...patterns].join(" or ")}`);
  }
  const meant = fitting.find(({ application, version }) =>
    isValidVersion(application.source.order, version),
  );
  if (!meant) {
    const { order } = first.application.source;
    return ignored(
      `${repository}:${tag} has no valid ${order} version, such as ${versionExamples[order]}`,
    );
  }
  const { application, member, version } = meant;
  const refused = policyRefusal(application.source.versions, version, application.name);
  if (refused !== undefined) return ignored(`${repository}:${tag}: ${refused}`);
  return {
    kind: "member",
    application: application.name,
    version,
    member: member.name,
    repository: member.repository,
    digest,
    tag,
  };
}
