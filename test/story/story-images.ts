import {
  buildImage,
  buildIndex,
  type BuiltImage,
  type BuiltIndex,
} from "@promoter/local-cloud/image-builder";

export interface PushOptions {
  /** Makes another digest of the same version. */
  readonly content?: string;
  readonly platforms?: readonly string[];
  readonly mediaTypes?: "oci" | "docker";
  /** Another tag than the dev tag of the version. */
  readonly tag?: string;
  /** By digest only. */
  readonly untagged?: true;
}

export interface StoryImage extends PushOptions {
  readonly repository: string;
  readonly version: string;
}

/**
 * A real image, or an index when there are several platforms; the same description gives the same
 * digest.
 */
export function storyImage({
  repository,
  version,
  content = "",
  platforms = ["linux/amd64"],
  mediaTypes = "oci",
}: StoryImage): BuiltImage | BuiltIndex {
  const images = platforms.map((platform) => {
    const [os = "linux", architecture = "amd64"] = platform.split("/");
    return buildImage({
      platform: { os, architecture },
      created: "2026-01-05T08:00:00Z",
      mediaTypes,
      files: { "app/version": `${repository} ${version} ${platform} ${content}` },
    });
  });
  const [first] = images;
  return images.length > 1 || !first ? buildIndex(images, mediaTypes) : first;
}
