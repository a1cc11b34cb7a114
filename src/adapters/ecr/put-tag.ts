import { PutImageCommand } from "@aws-sdk/client-ecr";
import { PromoterError } from "../../domain/errors.ts";
import type { Digest } from "../../domain/image/digest.ts";
import type { RepositoryName } from "../../domain/image/repository.ts";
import type { StoredManifest } from "../../domain/image/stored-manifest.ts";
import type { Tag } from "../../domain/image/tag.ts";
import type { ImageRegistry } from "../../ports/image-registry.ts";
import type { RegistryClient } from "./registry-client.ts";
import { resolveTags } from "./resolve-tags.ts";
import { callRegistry } from "./translate-error.ts";

/**
 * One call: ECR answers with the digest that the tag has now. Only after a conflict is the tag
 * read.
 */
export function putTag(registry: RegistryClient): ImageRegistry["putTag"] {
  return async (repository, tag, manifest) => {
    const placement = { repository, tag, manifest };
    const answered = await put(registry, placement);
    if (answered === manifest.digest) return "written";
    const holder = (await resolveTags(registry)(repository, [tag])).get(tag);
    if (holder === manifest.digest) return answered === "conflict" ? "was-there" : "written";
    throw holder === undefined ? vanished(repository, tag) : conflict(placement, holder);
  };
}

interface Placement {
  readonly repository: RepositoryName;
  readonly tag: Tag;
  readonly manifest: StoredManifest;
}

/**
 * Either name may come for a tag that is there, and either may come for the very same digest
 * (aws/containers-roadmap issues 2179 and 2380, aws/aws-sdk issue 750), so the digest decides.
 */
const conflicts: ReadonlySet<string> = new Set([
  "ImageAlreadyExistsException",
  "ImageTagAlreadyExistsException",
]);
const absences: ReadonlySet<string> = new Set([
  "LayersNotFoundException",
  "ReferencedImagesNotFoundException",
]);

/**
 * The digest of the answer (PutImage, "Response Elements"); one that names another or none is not
 * trusted until the tag was read.
 */
async function put(
  { client, registryId }: RegistryClient,
  placement: Placement,
): Promise<string | undefined> {
  const { repository, tag } = placement;
  const attempt = { doing: "tagging", reference: `${repository}:${tag}`, action: "ecr:PutImage" };
  return callRegistry(attempt, async () => {
    try {
      return (await client.send(putImage(registryId, placement))).image?.imageId?.imageDigest;
    } catch (error) {
      if (error instanceof Error && conflicts.has(error.name)) return "conflict";
      throw error instanceof Error && absences.has(error.name)
        ? partsMissing(error, placement)
        : error;
    }
  });
}

/**
 * Media type and digest always go along: a manifest need not name its type, and ECR then refuses
 * any other bytes (PutImage).
 */
function putImage(registryId: string, { repository, tag, manifest }: Placement): PutImageCommand {
  return new PutImageCommand({
    registryId,
    repositoryName: repository,
    imageTag: tag,
    imageManifest: manifest.text,
    imageManifestMediaType: manifest.mediaType,
    imageDigest: manifest.digest,
  });
}

function partsMissing(error: Error, { repository, tag, manifest }: Placement): PromoterError {
  const message =
    `tagging ${repository}:${tag}: expected all parts of ${manifest.digest} in the repository, ` +
    `got ${error.name}: ${error.message}; push the image again`;
  return new PromoterError("ImageMissing", message, {
    details: { repository, tag, digest: manifest.digest },
    cause: error,
  });
}

function conflict({ repository, tag, manifest }: Placement, holder: Digest): PromoterError {
  const message =
    `tagging ${repository}:${tag}: expected ${manifest.digest}, got ${holder}; ` +
    "the tag is immutable, or another client moves it: promote another version";
  return new PromoterError("TagConflict", message, {
    details: { repository, tag, expected: manifest.digest, got: holder },
  });
}

function vanished(repository: RepositoryName, tag: Tag): PromoterError {
  const message =
    `tagging ${repository}:${tag}: expected to find the tag afterwards, got nothing; ` +
    "another client deletes tags: find out which, then try again";
  return new PromoterError("RegistryUnavailable", message, { details: { repository, tag } });
}
