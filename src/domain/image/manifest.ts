import { isList, isRecord, listAt, numberAt, textAt, valueAt, type JsonRecord } from "../json.ts";
import { parseDigest, type Digest } from "./digest.ts";
import { isForeignLayer } from "./foreign-layer.ts";
import { manifestFields } from "./image-fields.ts";
import { imageConfigTypes, imageManifestTypes, indexTypes, isLayerType } from "./media-types.ts";
import { platformOf, type Platform } from "./platform.ts";
import { quoted } from "./quoted.ts";
import type { StoredManifest } from "./stored-manifest.ts";
import { readUnambiguously } from "./unambiguous-json.ts";

export type ParsedManifest =
  | { readonly kind: "image"; readonly config: Blob; readonly layers: readonly Layer[] }
  /** `children`: those that a node can choose. */
  | { readonly kind: "index"; readonly children: readonly IndexChild[] }
  /**
   * Not an image that could be judged. `fault` says why and continues a sentence about it: "… is
   * not a JSON object".
   */
  | { readonly kind: "other"; readonly fault: string };

export interface Blob {
  readonly digest: Digest;
  /** Bytes. Nodes refuse what has another size. */
  readonly size: number;
}

export interface Layer {
  readonly digest: Digest;
  /** Nodes fetch it from elsewhere, see isForeignLayer. */
  readonly foreign: boolean;
}

export interface IndexChild extends Blob {
  /** What nodes take it for, because they believe the index. */
  readonly kind: "image" | "index";
  /** undefined: the index does not say, which OCI allows; then the config of the child does. */
  readonly platform: Platform | undefined;
}

/**
 * Reads a manifest by the media type that the registry says, because many OCI manifests carry none
 * themselves (OCI image spec 1.1, Docker image manifest v2 schema 2). What a node could read
 * otherwise is not an image that could be judged, and neither is what is broken in any part: half
 * of an image must not pass for a whole one. Never throws.
 */
export function parseManifest({
  mediaType,
  text,
}: Pick<StoredManifest, "mediaType" | "text">): ParsedManifest {
  const kind = kindOf(mediaType);
  if (!kind) {
    return other(unknownType(mediaType));
  }
  const found = readUnambiguously(text, manifestFields);
  if (found.kind === "ambiguous") return other(found.fault);
  const contradiction = contradictionIn(found.document, { kind, mediaType });
  if (contradiction !== undefined) return other(contradiction);
  return kind === "index" ? parseIndex(found.document) : parseImage(found.document);
}

function unknownType(mediaType: string): string {
  return `is of the type ${quoted(mediaType)}, which is neither an image nor an index`;
}

function other(fault: string): ParsedManifest {
  return { kind: "other", fault };
}

function kindOf(mediaType: string): IndexChild["kind"] | undefined {
  if (indexTypes.includes(mediaType)) return "index";
  return imageManifestTypes.includes(mediaType) ? "image" : undefined;
}

/**
 * Keys that containerd does not accept in the other kind (core/images, validateMediaType), because
 * a program might run the one or the other.
 */
const foreignKeys = {
  image: ["manifests", "fsLayers"],
  index: ["config", "layers", "fsLayers"],
} as const;

function contradictionIn(
  document: JsonRecord,
  { kind, mediaType }: { readonly kind: IndexChild["kind"]; readonly mediaType: string },
): string | undefined {
  const own = valueAt(document, "mediaType") ?? mediaType;
  if (own !== mediaType) {
    const name = typeof own === "string" ? quoted(own) : "nothing sensible";
    return `calls itself ${name}, and the registry calls it ${quoted(mediaType)}`;
  }
  const key = foreignKeys[kind].find((name) => Object.hasOwn(document, name));
  return key === undefined ? undefined : `is an ${kind} and has ${quoted(key)} as well`;
}

function parseIndex(document: JsonRecord): ParsedManifest {
  if (!isList(valueAt(document, "manifests"))) {
    return other("is an index without a list of manifests");
  }
  const children: IndexChild[] = [];
  for (const descriptor of listAt(document, "manifests")) {
    const child = runnableChild(descriptor);
    if (typeof child === "string") return other(child);
    if (child) children.push(child);
  }
  return { kind: "index", children };
}

/** A text is a fault; undefined: no node runs it. */
function runnableChild(descriptor: unknown): IndexChild | string | undefined {
  if (isAttestation(descriptor)) return undefined;
  const blob = blobOf(descriptor);
  if (!blob) return "is an index with a child that has no sha256 digest or no size";
  const mediaType = textAt(descriptor, "mediaType") ?? "";
  const kind = kindOf(mediaType);
  if (!kind) {
    return `is an index whose child ${blob.digest} ${unknownType(mediaType)}`;
  }
  const platform = valueAt(descriptor, "platform") ?? undefined;
  const named = platformOf(platform);
  if (platform !== undefined && !named) {
    return `is an index whose child ${blob.digest} has a platform that is not os/architecture[/variant]`;
  }
  return { ...blob, kind, platform: named || undefined };
}

/**
 * Provenance or SBOM of a sibling (BuildKit, docs/attestations/attestation-storage.md): no node has
 * this platform. The annotation that comes with it proves nothing, because no node reads it.
 */
function isAttestation(descriptor: unknown): boolean {
  return platformOf(valueAt(descriptor, "platform")) === "unknown/unknown";
}

function parseImage(document: JsonRecord): ParsedManifest {
  const type = textAt(document, "config", "mediaType") ?? "";
  if (!imageConfigTypes.includes(type)) {
    return other(`is an artifact and not an image: its config is of the type ${quoted(type)}`);
  }
  const config = blobOf(valueAt(document, "config"));
  if (!config) return other("is an image whose config has no sha256 digest or no size");
  const layers: Layer[] = [];
  for (const descriptor of listAt(document, "layers")) {
    const digest = blobOf(descriptor)?.digest;
    if (!digest) return other("is an image with a layer that has no sha256 digest or no size");
    const mediaType = textAt(descriptor, "mediaType") ?? "";
    if (!isLayerType(mediaType)) {
      return other(
        `is an image whose layer ${digest} is of the type ${quoted(mediaType)}, which scanners do not read`,
      );
    }
    layers.push({ digest, foreign: isForeignLayer(descriptor) });
  }
  return isList(valueAt(document, "layers"))
    ? { kind: "image", config, layers }
    : other("is an image without a list of layers");
}

function blobOf(descriptor: unknown): Blob | undefined {
  const digest = parseDigest(textAt(descriptor, "digest") ?? "");
  const size = numberAt(descriptor, "size");
  return isRecord(descriptor) && digest && size !== undefined && size >= 0
    ? { digest, size }
    : undefined;
}
