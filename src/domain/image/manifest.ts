import { parseDigest, type Digest } from "./digest.ts";
import { platformOf } from "./platform.ts";
import type { StoredManifest } from "./stored-manifest.ts";
import type { Platform } from "../rules/facts.ts";

export type ParsedManifest =
  | { readonly kind: "image"; readonly config: Digest; readonly layers: readonly Digest[] }
  | { readonly kind: "index"; readonly children: readonly IndexChild[] }
  /** No image that a node could run: a chart, a signature, or broken. */
  | { readonly kind: "other" };

export interface IndexChild {
  readonly digest: Digest;
  /** undefined: the index does not say. */
  readonly platform: Platform | undefined;
  /** BuildKit keeps provenance beside the images: platform unknown/unknown, or the annotation says so. */
  readonly attestation: boolean;
}

const indexTypes = ["application/vnd.oci.image.index.v1+json", "application/vnd.docker.distribution.manifest.list.v2+json"];
const imageTypes = ["application/vnd.oci.image.manifest.v1+json", "application/vnd.docker.distribution.manifest.v2+json"];
const configTypes = ["application/vnd.oci.image.config.v1+json", "application/vnd.docker.container.image.v1+json"];

/** Reads a manifest by the media type that the registry says (OCI image spec 1.1, Docker image manifest v2 schema 2). Never throws. */
export function parseManifest({ mediaType, text }: Pick<StoredManifest, "mediaType" | "text">): ParsedManifest {
  const document = parseJson(text);
  if (indexTypes.includes(mediaType)) return { kind: "index", children: list(field(document, "manifests")).flatMap(indexChild) };
  return imageTypes.includes(mediaType) ? imageManifest(document) : { kind: "other" };
}

function imageManifest(document: unknown): ParsedManifest {
  const config = field(document, "config");
  const digest = digestOf(config);
  const layers = list(field(document, "layers")).map(digestOf);
  if (!digest || !configTypes.includes(String(field(config, "mediaType")))) return { kind: "other" };
  return { kind: "image", config: digest, layers: layers.filter((layer) => layer !== undefined) };
}

function indexChild(descriptor: unknown): readonly IndexChild[] {
  const digest = digestOf(descriptor);
  const platform = field(descriptor, "platform");
  const annotation = field(field(descriptor, "annotations"), "vnd.docker.reference.type");
  const attestation = annotation === "attestation-manifest" || field(platform, "os") === "unknown";
  return digest ? [{ digest, attestation, platform: platform === undefined ? undefined : platformOf(platform) }] : [];
}

function digestOf(descriptor: unknown): Digest | undefined {
  const digest = field(descriptor, "digest");
  return typeof digest === "string" ? parseDigest(digest) : undefined;
}

function list(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

export function field(value: unknown, key: string): unknown {
  return typeof value === "object" && value !== null ? Object.entries(value).find(([name]) => name === key)?.[1] : undefined;
}

export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
