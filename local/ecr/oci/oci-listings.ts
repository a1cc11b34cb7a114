import { mediaTypes } from "../../oci/media-types.ts";
import type { ServiceRequest, ServiceResponse } from "../../service.ts";
import { isDigest } from "../digest.ts";
import { artifactMediaType } from "../manifest.ts";
import type { Registry } from "../registry.ts";
import { referrersOf } from "../repository.ts";
import type { StoredImage } from "../repository.ts";
import { ociJson, OciFault } from "./oci-answer.ts";

/** Sorted, in pages. Source: distribution-spec, "Listing tags". */
export function listTags(
  registry: Registry,
  request: ServiceRequest,
  name: string,
): ServiceResponse {
  const tags = [...registry.storage.get(name).tags.keys()].toSorted();
  const { items, headers } = pageOf(registry, request, tags);
  return ociJson(200, headers, { name, tags: items });
}

/**
 * No longer a part of the distribution-spec, but ECR answers it (google/go-containerregistry issue
 * 1091).
 */
export function listRepositories(registry: Registry, request: ServiceRequest): ServiceResponse {
  const names = registry.storage
    .all()
    .map(({ name }) => name)
    .toSorted();
  const { items, headers } = pageOf(registry, request, names);
  return ociJson(200, headers, { repositories: items });
}

/**
 * What ListImages and DescribeRepositories do unless told otherwise (API reference);
 * docker-archive/migrator issue 96 saw it here.
 */
const usualPage = 100;
const maxPage = 1000;

interface ListingPage {
  readonly items: readonly string[];
  readonly headers: Readonly<Record<string, string>>;
}

/** A Link header chains the pages; at ECR it is a whole address (deitch/docker_registry2 issue 34). */
function pageOf(
  { context }: Registry,
  { path, query }: ServiceRequest,
  all: readonly string[],
): ListingPage {
  const count = pageSize(query.get("n"));
  const last = query.get("last");
  const following = last === null ? all : all.filter((name) => name > last);
  const items = following.slice(0, count);
  if (following.length <= count) return { items, headers: {} };
  const next = `${context.origin()}${path}?n=${count}&last=${encodeURIComponent(items.at(-1) ?? "")}`;
  return { items, headers: { link: `<${next}>; rel="next"` } };
}

/**
 * ECR refuses a page that is too large instead of giving a smaller one. Text and code:
 * google/go-containerregistry issues 681 and 1091.
 */
function pageSize(wanted: string | null): number {
  const count = wanted === null ? usualPage : Number(wanted);
  if (Number.isInteger(count) && count >= 1 && count <= maxPage) return count;
  const bound = count > maxPage ? `less than or equal to ${maxPage}` : "greater than or equal to 1";
  throw new OciFault(
    405,
    "UNSUPPORTED",
    `Invalid parameter at 'maxResults' failed to satisfy constraint: 'Member must have value ${bound}'`,
  );
}

/** An empty index when nothing refers to the digest. Source: distribution-spec, "Listing referrers". */
export function listReferrers(
  registry: Registry,
  request: ServiceRequest,
  place: SubjectPlace,
): ServiceResponse {
  const repository = registry.storage.get(place.name);
  if (!isDigest(place.digest)) {
    throw new OciFault(400, "DIGEST_INVALID", `invalid digest '${place.digest}'`);
  }
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
