import type { ServiceResponse } from "../../service.ts";
import type { Registry } from "../registry.ts";
import { ociAnswer, OciFault } from "./oci-answer.ts";

export interface BlobPlace {
  readonly name: string;
  readonly digest: string;
}

/** HEAD is answered in place, without the detour over storage: clients look before they upload. */
export function headBlob(registry: Registry, place: BlobPlace): ServiceResponse {
  const bytes = blobOrThrow(registry, place);
  return ociAnswer(200, {
    "content-type": "application/octet-stream",
    "content-length": String(bytes.length),
    "docker-content-digest": place.digest,
  });
}

/**
 * The bytes come from storage of their own (S3, there), which also answers ranges; clients drop
 * their credentials on the way.
 */
export function getBlob(registry: Registry, place: BlobPlace): ServiceResponse {
  blobOrThrow(registry, place);
  return ociAnswer(307, {
    location: registry.downloads.urlFor(place.digest),
    "docker-content-digest": place.digest,
  });
}

function blobOrThrow(registry: Registry, { name, digest }: BlobPlace): Buffer {
  const bytes = registry.storage.blob(registry.storage.get(name), digest);
  if (bytes) return bytes;
  throw new OciFault(404, "BLOB_UNKNOWN", "blob unknown to registry");
}
