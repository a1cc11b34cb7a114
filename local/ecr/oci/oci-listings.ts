import type { ServiceRequest, ServiceResponse } from "../../service.ts";
import { artifactMediaType } from "../manifest.ts";
import { mediaTypes } from "../media-types.ts";
import type { Registry } from "../registry.ts";
import { referrersOf } from "../repository.ts";
import type { StoredImage } from "../repository.ts";
import { isDigest } from "../digest.ts";
import { ociJson, OciFault } from "./oci-answer.ts";

const usualPage = 1000;

/** Sorted, in pages that a Link header chains. Source: distribution-spec, "Listing tags". */
export function listTags(registry: Registry, request: ServiceRequest, name: string): ServiceResponse {
  const tags = [...registry.storage.get(name).tags.keys()].toSorted();
  const last = request.query.get("last");
  const count = Number(request.query.get("n") ?? usualPage);
  const following = last === null ? tags : tags.filter((tag) => tag > last);
  const items = following.slice(0, count);
  const more = following.length > count && items.length > 0;
  const next = `/v2/${name}/tags/list?n=${count}&last=${encodeURIComponent(items.at(-1) ?? "")}`;
  return ociJson(200, more ? { link: `<${next}>; rel="next"` } : {}, { name, tags: items });
}

/** An empty index when nothing refers to the digest. Source: distribution-spec, "Listing referrers". */
export function listReferrers(registry: Registry, request: ServiceRequest, place: SubjectPlace): ServiceResponse {
  const repository = registry.storage.get(place.name);
  if (!isDigest(place.digest)) throw new OciFault(400, "DIGEST_INVALID", `invalid digest '${place.digest}'`);
  const wanted = request.query.get("artifactType");
  const manifests = referrersOf(repository, place.digest)
    .filter((image) => image.status === "ACTIVE")
    .map(descriptor)
    .filter(({ artifactType }) => wanted === null || artifactType === wanted);
  const index = { schemaVersion: 2, mediaType: mediaTypes.ociIndex, manifests };
  const filters = wanted === null ? {} : { "oci-filters-applied": "artifactType" };
  return ociJson(200, { "content-type": mediaTypes.ociIndex, ...filters }, index);
}

interface SubjectPlace {
  readonly name: string;
  readonly digest: string;
}

interface ReferrerDescriptor {
  readonly mediaType: string;
  readonly size: number;
  readonly digest: string;
  readonly artifactType?: string;
  readonly annotations?: Readonly<Record<string, string>>;
}

function descriptor(image: StoredImage): ReferrerDescriptor {
  const artifactType = artifactMediaType(image.manifest);
  const { mediaType, annotations } = image.manifest;
  return {
    mediaType,
    size: image.bytes.length,
    digest: image.digest,
    ...(artifactType !== undefined && { artifactType }),
    ...(annotations && { annotations }),
  };
}
