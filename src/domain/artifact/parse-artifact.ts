import { parseDigest, type Digest } from "../image/digest.ts";
import { manifestFields } from "../image/image-fields.ts";
import { imageConfigTypes } from "../image/media-types.ts";
import { quoted } from "../image/quoted.ts";
import type { StoredManifest } from "../image/stored-manifest.ts";
import { readUnambiguously } from "../image/unambiguous-json.ts";
import { isList, numberAt, textAt, valueAt } from "../json.ts";

/** The one layer of an artifact: an archive of objects, one folder an environment. */
export interface ArtifactLayer {
  readonly digest: Digest;
  /** In bytes, as it is stored. */
  readonly size: number;
}

export type ParsedArtifact =
  | { readonly kind: "artifact"; readonly config: Digest; readonly layer: ArtifactLayer }
  /** `fault` continues a sentence about it: "… is an image". */
  | { readonly kind: "other"; readonly fault: string };

export const artifactManifestType = "application/vnd.oci.image.manifest.v1+json";

/**
 * A tar, compressed or not. Sources: `flux push artifact` (fluxcd/pkg, oci/globals.go), `oras push
 * <folder>` (oras-go, content/file, the media type of a folder), and the same uncompressed.
 */
export const artifactLayerTypes = [
  "application/vnd.cncf.flux.content.v1.tar+gzip",
  "application/vnd.oci.image.layer.v1.tar+gzip",
  "application/vnd.oci.image.layer.v1.tar",
] as const;

/** Objects are text: a thousandth of this is usual. */
export const maxArtifactLayer = 4 * 1024 * 1024;

/**
 * Reads the manifest of what promoter.yml calls an artifact. An image is none, so that nothing
 * escapes the rules for images by its place. Never throws.
 */
export function parseArtifact({
  mediaType,
  text,
}: Pick<StoredManifest, "mediaType" | "text">): ParsedArtifact {
  if (mediaType !== artifactManifestType) {
    return other(
      `is of the type ${quoted(mediaType)}, and an artifact is of ${artifactManifestType}`,
    );
  }
  const found = readUnambiguously(text, manifestFields);
  if (found.kind === "ambiguous") return other(found.fault);
  const type = textAt(found.document, "config", "mediaType") ?? "";
  if (imageConfigTypes.includes(type)) {
    return other("is an image, and an artifact with objects was expected");
  }
  const config = parseDigest(textAt(found.document, "config", "digest") ?? "");
  if (!config) return other("is an artifact whose config has no sha256 digest");
  const layers = valueAt(found.document, "layers");
  if (!isList(layers) || layers.length !== 1) {
    const count = isList(layers) ? layers.length : "no";
    return other(`is an artifact of ${count} layers, and one archive of all folders was expected`);
  }
  const layer = readLayer(layers[0]);
  return typeof layer === "string" ? other(layer) : { kind: "artifact", config, layer };
}

function readLayer(descriptor: unknown): ArtifactLayer | string {
  const type = textAt(descriptor, "mediaType") ?? "";
  if (!artifactLayerTypes.some((known) => known === type)) {
    return (
      `is an artifact whose layer is of the type ${quoted(type)}, ` +
      `and an archive is of ${artifactLayerTypes.join(" or ")}`
    );
  }
  const digest = parseDigest(textAt(descriptor, "digest") ?? "");
  const size = numberAt(descriptor, "size");
  if (!digest || size === undefined) return "is an artifact whose layer has no digest or no size";
  return size > maxArtifactLayer
    ? `is an artifact of ${size} bytes, more than ${maxArtifactLayer / 1024 / 1024} MiB`
    : { digest, size };
}

function other(fault: string): ParsedArtifact {
  return { kind: "other", fault };
}
