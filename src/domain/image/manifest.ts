import { isList, isRecord, listAt, textAt, valueAt } from "../pod-spec/json.ts";
import { parseDigest, type Digest } from "./digest.ts";
import { parseJson } from "./json-text.ts";
import { imageConfigTypes, imageManifestTypes, indexTypes, isForeignLayer } from "./media-types.ts";
import { platformOf, type Platform } from "./platform.ts";
import type { StoredManifest } from "./stored-manifest.ts";

export type ParsedManifest =
  /** `layers`: those that the registry must hold, without foreign ones. */
  | { readonly kind: "image"; readonly config: Digest; readonly layers: readonly Digest[] }
  | { readonly kind: "index"; readonly children: readonly IndexChild[] }
  /** No image that a node could run: a chart, a signature, or broken. */
  | { readonly kind: "other" };

export interface IndexChild {
  readonly digest: Digest;
  /** undefined: the index does not say, which OCI allows; then the config of the child does. */
  readonly platform: Platform | undefined;
  /** Provenance or SBOM of a sibling: never run, never scanned. */
  readonly attestation: boolean;
}

/**
 * Reads a manifest by the media type that the registry says, because many OCI manifests carry none themselves (OCI image spec 1.1, Docker
 * image manifest v2 schema 2). What is broken in any part is `other`: half of an image must not pass for a whole one. Never throws.
 */
export function parseManifest({ mediaType, text }: Pick<StoredManifest, "mediaType" | "text">): ParsedManifest {
  const document = parseJson(text);
  if (indexTypes.includes(mediaType)) return parseIndex(document);
  return imageManifestTypes.includes(mediaType) ? parseImage(document) : { kind: "other" };
}

function parseIndex(document: unknown): ParsedManifest {
  const children = listAt(document, "manifests").map(indexChild);
  const known = children.filter((child) => child !== undefined);
  return isList(valueAt(document, "manifests")) && known.length === children.length ? { kind: "index", children: known } : { kind: "other" };
}

function indexChild(descriptor: unknown): IndexChild | undefined {
  const digest = digestOf(descriptor);
  const platform = valueAt(descriptor, "platform");
  return digest && { digest, platform: (isRecord(platform) && platformOf(platform)) || undefined, attestation: isAttestation(descriptor) };
}

/** BuildKit, docs/attestations/attestation-storage.md: the annotation, and a platform that no node has. */
function isAttestation(descriptor: unknown): boolean {
  if (textAt(descriptor, "annotations", "vnd.docker.reference.type") === "attestation-manifest") return true;
  return textAt(descriptor, "platform", "os") === "unknown" && textAt(descriptor, "platform", "architecture") === "unknown";
}

function parseImage(document: unknown): ParsedManifest {
  const config = digestOf(valueAt(document, "config"));
  const stored = listAt(document, "layers").filter((layer) => !isForeignLayer(textAt(layer, "mediaType") ?? ""));
  const layers = stored.map(digestOf).filter((digest) => digest !== undefined);
  const isImage = imageConfigTypes.includes(textAt(document, "config", "mediaType") ?? "");
  return isImage && config && layers.length === stored.length ? { kind: "image", config, layers } : { kind: "other" };
}

function digestOf(descriptor: unknown): Digest | undefined {
  return parseDigest(textAt(descriptor, "digest") ?? "");
}
