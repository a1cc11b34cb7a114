import { digestOf } from "./digest.ts";
import { EcrFault, unmetConstraint } from "./ecr-fault.ts";
import { imageEvent } from "./events.ts";
import { parseManifest, requiredBlobs } from "./manifest.ts";
import type { Manifest } from "./manifest.ts";
import type { Registry } from "./registry.ts";
import { tagsOf } from "./repository.ts";
import type { Repository, StoredImage } from "./repository.ts";
import { isImmutableTag } from "./tag-mutability.ts";

/**
 * What both doors ask for: the JSON API by its members, the distribution API by path and
 * Content-Type.
 */
export interface PutImageRequest {
  readonly bytes: Buffer;
  readonly mediaType: string | undefined;
  readonly tag: string | undefined;
  readonly digest: string | undefined;
}

/**
 * Stores a manifest under its digest, and under a tag if one is given. Throws what ECR answers when
 * it may not.
 */
export function putImage(
  registry: Registry,
  repository: Repository,
  request: PutImageRequest,
): StoredImage {
  const image = acceptedImage(registry, repository, request);
  repository.images.set(image.digest, image);
  if (request.tag !== undefined) repository.tags.set(request.tag, image.digest);
  registry.context.emit(imageEvent(repository.name, "PUSH", { image, tag: request.tag }));
  registry.scanner.consider(repository, image);
  return image;
}

/** Quotas of the ECR user guide: 4 MiB a manifest, 1,000 tags an image. */
const maxManifest = 4_194_304;
const maxTags = 1_000;

function acceptedImage(
  registry: Registry,
  repository: Repository,
  request: PutImageRequest,
): StoredImage {
  checkShape(request);
  const manifest = parseManifest(request.bytes, request.mediaType);
  const digest = digestOf(request.bytes);
  const pushed: PushedImage = { registry, repository, digest };
  checkDigest(pushed, request.digest);
  checkUnchanged(pushed, request.tag);
  checkMutability(pushed, request.tag);
  checkBlobs(pushed, manifest);
  checkChildren(pushed, manifest);
  checkTagCount(pushed);
  // A further tag does not make an image younger.
  const known = repository.images.get(digest);
  return (
    known ?? {
      digest,
      bytes: request.bytes,
      manifest,
      pushedAt: registry.context.clock.now(),
      status: "ACTIVE",
    }
  );
}

interface PushedImage {
  readonly registry: Registry;
  readonly repository: Repository;
  readonly digest: string;
}

function checkShape(request: PutImageRequest): void {
  if (request.bytes.length > maxManifest) {
    throw unmetConstraint(
      "imageManifest",
      `Member must have length less than or equal to ${maxManifest}`,
    );
  }
  // Distribution-spec, "Pulling manifests": the grammar of a tag.
  if (request.tag !== undefined && !/^[a-zA-Z0-9_][a-zA-Z0-9._-]{0,127}$/.test(request.tag)) {
    throw unmetConstraint(
      "imageTag",
      "must satisfy regular expression '[a-zA-Z0-9_][a-zA-Z0-9._-]{0,127}'",
    );
  }
}

/** Text of google/go-containerregistry issue 1568. */
function checkDigest(
  { registry, repository, digest }: PushedImage,
  expected: string | undefined,
): void {
  if (expected === undefined || expected === digest) return;
  const { account } = registry.context;
  const image = `image with digest '${expected}' in repository '${repository.name}' and registry ID '${account}'`;
  throw new EcrFault(
    "ImageDigestDoesNotMatchException",
    `The ${image} does not match the image digest that Amazon ECR has calculated.`,
  );
}

/**
 * Neither the manifest nor a tag would change; of an immutable tag either conflict error is
 * reported, see RegistrySettings.
 */
function checkUnchanged(
  { registry, repository, digest }: PushedImage,
  tag: string | undefined,
): void {
  const changed =
    tag === undefined ? !repository.images.has(digest) : repository.tags.get(tag) !== digest;
  if (changed) return;
  const refusesRepeat = registry.settings.immutableRepeat === "ImageTagAlreadyExistsException";
  if (tag !== undefined && refusesRepeat && isImmutableTag(repository.mutability, tag)) return;
  // Text of CircleCI-Public/aws-ecr-orb issue 261.
  const named = tag === undefined ? `digest '${digest}'` : `digest '${digest}' and tag '${tag}'`;
  const { account } = registry.context;
  const where = `repository with name '${repository.name}' in registry with id '${account}'`;
  throw new EcrFault(
    "ImageAlreadyExistsException",
    `Image with ${named} already exists in the ${where}`,
  );
}

/** Text of osscontainertools/kaniko pull request 204, and before 2025 of moby/buildkit issue 3776. */
function checkMutability({ repository }: PushedImage, tag: string | undefined): void {
  if (
    tag === undefined ||
    !repository.tags.has(tag) ||
    !isImmutableTag(repository.mutability, tag)
  ) {
    return;
  }
  const image = `image tag '${tag}' already exists in the '${repository.name}' repository`;
  throw new EcrFault(
    "ImageTagAlreadyExistsException",
    `The ${image} and cannot be overwritten because the tag is immutable.`,
  );
}

/** Blobs must be in this very repository. Text of oras-project/oras-py issue 54. */
function checkBlobs(pushed: PushedImage, manifest: Manifest): void {
  const { storage } = pushed.registry;
  const missing = requiredBlobs(manifest).filter(
    (digest) => !storage.blob(pushed.repository, digest),
  );
  if (missing.length > 0) {
    throw new EcrFault("LayersNotFoundException", missingText("Layers", missing, pushed));
  }
}

/** Text of int128/docker-manifest-create-action pull request 63. */
function checkChildren(pushed: PushedImage, manifest: Manifest): void {
  if (manifest.kind === "image") return;
  const digests = manifest.children.map((child) => child.digest);
  const missing = digests.filter((digest) => !pushed.repository.images.has(digest));
  if (missing.length === 0) return;
  throw new EcrFault("ReferencedImagesNotFoundException", missingText("Images", missing, pushed));
}

function missingText(
  what: string,
  digests: readonly string[],
  { registry, repository }: PushedImage,
): string {
  const { account } = registry.context;
  const where = `repository with name '${repository.name}' in the registry with id '${account}'`;
  const missing = `${what} with digests '[${digests.join(", ")}]'`;
  return `${missing} required for pushing image into ${where} do not exist`;
}

function checkTagCount({ repository, digest }: PushedImage): void {
  if (tagsOf(repository, digest).length < maxTags) return;
  throw new EcrFault(
    "LimitExceededException",
    `The maximum number of tags per image, ${maxTags}, has been exceeded.`,
  );
}
