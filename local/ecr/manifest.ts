import { isUtf8 } from "node:buffer";
import * as z from "zod";
import { isObject, parseJson, type JsonObject } from "../json-value.ts";
import { isForeignLayer } from "../oci/foreign-layer.ts";
import { isImageType, isIndexType } from "../oci/media-types.ts";
import { unmetConstraint, type EcrFault } from "./ecr-fault.ts";
import { refusedManifests } from "./refused-manifests.ts";

/** What ECR reads from a manifest. The bytes themselves are never rewritten. */
export type Manifest = ImageManifest | IndexManifest;

interface ManifestBase {
  readonly mediaType: string;
  readonly subject: string | undefined;
  readonly artifactType: string | undefined;
  readonly annotations: Readonly<Record<string, string>> | undefined;
}

interface ImageManifest extends ManifestBase {
  readonly kind: "image";
  readonly config: Descriptor;
  readonly layers: readonly Descriptor[];
}

interface IndexManifest extends ManifestBase {
  readonly kind: "index";
  readonly children: readonly Descriptor[];
}

const descriptor = z.looseObject({
  mediaType: z.string().min(1),
  digest: z.string().regex(/^sha256:[a-f0-9]{64}$/),
  size: z.int().nonnegative(),
  urls: z.array(z.string()).optional(),
});
export type Descriptor = z.infer<typeof descriptor>;

const common = {
  schemaVersion: z.literal(2),
  subject: descriptor.optional(),
  artifactType: z.string().optional(),
  annotations: z.record(z.string(), z.string()).optional(),
};
const imageSchema = z.looseObject({ ...common, config: descriptor, layers: z.array(descriptor) });
const indexSchema = z.looseObject({ ...common, manifests: z.array(descriptor) });

/** `declared` is what the caller says it is: imageManifestMediaType, or the Content-Type header. */
export function parseManifest(bytes: Buffer, declared: string | undefined): Manifest {
  const json = manifestJson(bytes);
  const mediaType = agreedMediaType(json, declared);
  const refused = refusedManifests.find((one) => one.applies(json));
  if (refused) throw unmetConstraint("ImageManifest", refused.constraint);
  if (isImageType(mediaType)) return imageManifest(json, mediaType);
  if (isIndexType(mediaType)) return indexManifest(json, mediaType);
  throw unmetConstraint("ImageManifest", `Unsupported manifest media type '${mediaType}'`);
}

/** Blobs that must be in the repository. */
export function requiredBlobs(manifest: Manifest): readonly string[] {
  if (manifest.kind === "index") return [];
  const here = manifest.layers.filter((layer) => !isForeignLayer(layer));
  return [...new Set([manifest.config, ...here].map((blob) => blob.digest))];
}

/**
 * ECR shows artifactType where a manifest has one, else the media type of its config; an index has
 * neither.
 */
export function artifactMediaType(manifest: Manifest): string | undefined {
  if (manifest.artifactType) return manifest.artifactType;
  return manifest.kind === "image" ? manifest.config.mediaType : undefined;
}

/**
 * Text of aws/containers-roadmap issue 1873. Bytes that are not UTF-8 are not JSON (RFC 8259,
 * section 8.1).
 */
function manifestJson(bytes: Buffer): JsonObject {
  const json = isUtf8(bytes) ? parseJson(bytes.toString("utf8")) : undefined;
  if (!isObject(json)) throw invalidSyntax();
  return json;
}

function invalidSyntax(): EcrFault {
  return unmetConstraint("ImageManifest", "Invalid JSON syntax");
}

function agreedMediaType(json: JsonObject, declared: string | undefined): string {
  const own = typeof json["mediaType"] === "string" ? json["mediaType"] : undefined;
  if (own && declared && own !== declared) {
    throw unmetConstraint(
      "ImageManifestMediaType",
      `must agree with the manifest's mediaType '${own}'`,
    );
  }
  const mediaType = own ?? declared;
  if (mediaType) return mediaType;
  // API reference, PutImage: a manifest without mediaType needs imageManifestMediaType.
  throw unmetConstraint("ImageManifest", "manifest without mediaType needs imageManifestMediaType");
}

function imageManifest(json: unknown, mediaType: string): ImageManifest {
  const parsed = imageSchema.safeParse(json);
  if (!parsed.success) throw invalidSyntax();
  const { config, layers, ...rest } = parsed.data;
  return { kind: "image", config, layers, ...shared(rest, mediaType) };
}

function indexManifest(json: unknown, mediaType: string): IndexManifest {
  const parsed = indexSchema.safeParse(json);
  if (!parsed.success) throw invalidSyntax();
  const { manifests, ...rest } = parsed.data;
  return { kind: "index", children: manifests, ...shared(rest, mediaType) };
}

type Shared = Pick<z.infer<typeof imageSchema>, "subject" | "artifactType" | "annotations">;

function shared(json: Shared, mediaType: string): ManifestBase {
  return {
    mediaType,
    subject: json.subject?.digest,
    artifactType: json.artifactType,
    annotations: json.annotations,
  };
}
