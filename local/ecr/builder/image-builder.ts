import { gzipSync } from "node:zlib";
import { mediaTypes as types } from "../../oci/media-types.ts";
import { digestOf } from "../digest.ts";
import { tar } from "./tar.ts";

interface Platform {
  readonly os: string;
  readonly architecture: string;
  readonly variant?: string;
}

export interface Blob {
  readonly mediaType: string;
  readonly digest: string;
  readonly size: number;
  readonly bytes: Buffer;
}

export interface BuiltImage {
  readonly kind: "image";
  readonly platform: Platform;
  readonly config: Blob;
  readonly layers: readonly Blob[];
  readonly manifest: Blob;
  /** Annotations of its descriptor in an index. */
  readonly annotations?: Readonly<Record<string, string>>;
}

/** A multi-platform image; `images` are its children, attestations among them. */
export interface BuiltIndex {
  readonly kind: "index";
  readonly images: readonly BuiltImage[];
  readonly manifest: Blob;
}

export type Dialect = "oci" | "docker";

export interface ImageContents {
  readonly platform: Platform;
  /** Path to content; they become the one layer. */
  readonly files: Readonly<Record<string, string>>;
  /** RFC 3339. */
  readonly created: string;
  readonly mediaTypes: Dialect;
  readonly labels?: Readonly<Record<string, string>>;
  /** Digest of the manifest that this one refers to, for a signature or an SBOM. */
  readonly subject?: Blob;
  readonly artifactType?: string;
}

/**
 * A real image: a gzipped tar layer, its configuration, its manifest. The same contents give the
 * same digests.
 */
export function buildImage(contents: ImageContents): BuiltImage {
  const { platform, mediaTypes } = contents;
  const archive = tar(contents.files);
  const docker = mediaTypes === "docker";
  const layer = blob(docker ? types.dockerLayer : types.ociLayer, gzipped(archive));
  const config = jsonBlob(
    docker ? types.dockerConfig : types.ociConfig,
    configOf(contents, digestOf(archive)),
  );
  const manifestType = docker ? types.dockerManifest : types.ociManifest;
  const parts = { config, layers: [layer] };
  return {
    kind: "image",
    platform,
    ...parts,
    manifest: manifestOf(manifestType, parts, referrerOf(contents)),
  };
}

/**
 * What BuildKit adds to an index for each image. Source: BuildKit docs, "Image attestation
 * storage".
 */
export function buildAttestation(image: BuiltImage): BuiltImage {
  const platform = { os: "unknown", architecture: "unknown" };
  const subject = [
    { name: "_", digest: { sha256: image.manifest.digest.slice("sha256:".length) } },
  ];
  const statement = {
    _type: "https://in-toto.io/Statement/v0.1",
    predicateType: "https://slsa.dev/provenance/v0.2",
    subject,
  };
  const layer = jsonBlob(types.inToto, statement);
  const config = jsonBlob(types.ociConfig, {
    ...platform,
    rootfs: { type: "layers", diff_ids: [layer.digest] },
  });
  const parts = { config, layers: [layer] };
  const annotations = {
    "vnd.docker.reference.type": "attestation-manifest",
    "vnd.docker.reference.digest": image.manifest.digest,
  };
  return {
    kind: "image",
    platform,
    ...parts,
    manifest: manifestOf(types.ociManifest, parts, {}),
    annotations,
  };
}

export function buildIndex(images: readonly BuiltImage[], mediaTypes: Dialect): BuiltIndex {
  const mediaType = mediaTypes === "docker" ? types.dockerList : types.ociIndex;
  const manifests = images.map(({ manifest, platform, annotations }) => {
    return { ...descriptor(manifest), platform, ...(annotations && { annotations }) };
  });
  return {
    kind: "index",
    images,
    manifest: jsonBlob(mediaType, { schemaVersion: 2, mediaType, manifests }),
  };
}

/** An OCI image layout on disk is made of these. */
export function blobsOf(image: BuiltImage): readonly Blob[] {
  return [image.config, ...image.layers];
}

function configOf(contents: ImageContents, diffId: string): unknown {
  const { platform, created, labels } = contents;
  return {
    created,
    ...platform,
    config: { Env: ["PATH=/usr/bin:/bin"], ...(labels && { Labels: labels }) },
    rootfs: { type: "layers", diff_ids: [diffId] },
    history: [{ created, created_by: "COPY files / # local image builder" }],
  };
}

interface Parts {
  readonly config: Blob;
  readonly layers: readonly Blob[];
}

function manifestOf(mediaType: string, { config, layers }: Parts, further: object): Blob {
  const body = {
    schemaVersion: 2,
    mediaType,
    config: descriptor(config),
    layers: layers.map(descriptor),
    ...further,
  };
  return jsonBlob(mediaType, body);
}

function referrerOf({ subject, artifactType }: ImageContents): object {
  return {
    ...(artifactType && { artifactType }),
    ...(subject && { subject: descriptor(subject) }),
  };
}

function descriptor({ mediaType, digest, size }: Blob): object {
  return { mediaType, digest, size };
}

function jsonBlob(mediaType: string, value: unknown): Blob {
  return blob(mediaType, Buffer.from(JSON.stringify(value)));
}

function blob(mediaType: string, bytes: Buffer): Blob {
  return { mediaType, digest: digestOf(bytes), size: bytes.length, bytes };
}

/**
 * Byte 9 names the operating system (RFC 1952); 255, unknown, keeps digests the same on every
 * machine.
 */
function gzipped(bytes: Buffer): Buffer {
  const compressed = gzipSync(bytes);
  compressed[9] = 255;
  return compressed;
}
