import { createHash } from "node:crypto";
import {
  artifactManifestType,
  maxArtifactLayer,
  parseArtifact,
} from "../../src/domain/artifact/parse-artifact.ts";
import type { ArchiveFile } from "../../src/domain/artifact/read-tar.ts";
import { writeTar } from "../../src/domain/artifact/write-tar.ts";
import { CommandError, exitCodes } from "../exit-codes.ts";
import { storedGzip } from "./stored-gzip.ts";

export interface ArtifactBlob {
  readonly mediaType: string;
  readonly digest: string;
  readonly bytes: Buffer;
}

export interface BuiltArtifact {
  readonly blobs: readonly ArtifactBlob[];
  readonly manifest: ArtifactBlob;
}

/** Ours, for those who list a repository; nothing is decided by it. */
const artifactType = "application/vnd.promoter.objects.v1";

/**
 * An OCI artifact of the files, the same bytes for the same files. The layer has the type that both
 * Flux and Argo CD unpack without being told; the config is OCI's empty one (image-spec 1.1,
 * manifest.md, "Guidance for an Empty Descriptor").
 */
export function buildArtifact(files: readonly ArchiveFile[]): BuiltArtifact {
  const config = blob("application/vnd.oci.empty.v1+json", Buffer.from("{}"));
  const layer = blob("application/vnd.oci.image.layer.v1.tar+gzip", storedGzip(writeTar(files)));
  if (layer.bytes.length > maxArtifactLayer) {
    throw new CommandError(
      `the archive has ${layer.bytes.length} bytes, more than ${maxArtifactLayer / 1024 / 1024} MiB; ` +
        "keep what is not an object elsewhere",
      exitCodes.usage,
    );
  }
  const document = {
    schemaVersion: 2,
    mediaType: artifactManifestType,
    artifactType,
    config: descriptor(config),
    layers: [descriptor(layer)],
  };
  const manifest = blob(artifactManifestType, Buffer.from(JSON.stringify(document)));
  const parsed = parseArtifact({ ...manifest, text: manifest.bytes.toString("utf8") });
  if (parsed.kind === "other") throw new TypeError(`what was built ${parsed.fault}`);
  return { blobs: [config, layer], manifest };
}

function blob(mediaType: string, bytes: Buffer): ArtifactBlob {
  const digest = `sha256:${createHash("sha256").update(bytes).digest("hex")}`;
  return { mediaType, digest, bytes };
}

function descriptor({ mediaType, digest, bytes }: ArtifactBlob): object {
  return { mediaType, digest, size: bytes.length };
}
