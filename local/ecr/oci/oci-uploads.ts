import type { ServiceRequest, ServiceResponse } from "../../service.ts";
import { isDigest } from "../digest.ts";
import type { LayerUpload } from "../layer-uploads.ts";
import type { Registry } from "../registry.ts";
import { imagesWithBlob } from "../repository.ts";
import type { Repository } from "../repository.ts";
import { ociAnswer, OciFault } from "./oci-answer.ts";

export interface UploadPlace {
  readonly name: string;
  readonly id: string;
}

/**
 * Opens an upload, takes the whole blob at once (`?digest=`), or mounts it from another repository
 * (`?mount=&from=`).
 */
export function startUpload(
  registry: Registry,
  request: ServiceRequest,
  name: string,
): ServiceResponse {
  const repository = registry.storage.get(name);
  const mount = request.query.get("mount");
  if (mount !== null && mounted(registry, repository, { mount, from: request.query.get("from") })) {
    return created(repository, mount);
  }
  const upload = registry.uploads.start(repository);
  const digest = request.query.get("digest");
  return digest === null
    ? progress(202, upload)
    : finish(registry, request, { repository, upload, digest });
}

export function uploadProgress(registry: Registry, place: UploadPlace): ServiceResponse {
  return progress(204, uploadOf(registry, place).upload);
}

export function uploadChunk(
  registry: Registry,
  request: ServiceRequest,
  place: UploadPlace,
): ServiceResponse {
  const { upload } = uploadOf(registry, place);
  if (!continues(upload, request)) return progress(416, upload);
  registry.uploads.append(upload, request.body);
  // Not the 202 of the distribution-spec: regclient/regclient issue 81, openai/tart issue 273,
  // jdx/mise pull request 11376.
  return progress(201, upload);
}

/** The last bytes may come along. */
export function finishUpload(
  registry: Registry,
  request: ServiceRequest,
  place: UploadPlace,
): ServiceResponse {
  const { repository, upload } = uploadOf(registry, place);
  const digest = request.query.get("digest") ?? "";
  if (!isDigest(digest)) throw digestInvalid(digest);
  if (!continues(upload, request)) return progress(416, upload);
  return finish(registry, request, { repository, upload, digest });
}

export function cancelUpload(registry: Registry, place: UploadPlace): ServiceResponse {
  registry.uploads.cancel(uploadOf(registry, place).upload);
  return ociAnswer(204);
}

interface Mount {
  readonly mount: string;
  readonly from: string | null;
}

/**
 * Only where the account setting BLOB_MOUNTING is on (ECR user guide, "Blob mounting"), and only
 * what an image of the source needs: that the blob is there is not enough (aws/containers-roadmap
 * issue 2860). Else the client is given an upload.
 */
function mounted(registry: Registry, repository: Repository, { mount, from }: Mount): boolean {
  if (from === null || registry.accountSettings.get("BLOB_MOUNTING") !== "ENABLED") return false;
  const source = registry.storage.find(from);
  const bytes =
    source && imagesWithBlob(source, mount).length > 0
      ? registry.storage.blob(source, mount)
      : undefined;
  if (bytes) registry.storage.addBlob(repository, bytes);
  return bytes !== undefined;
}

interface OpenUpload {
  readonly repository: Repository;
  readonly upload: LayerUpload;
}

function uploadOf(registry: Registry, { name, id }: UploadPlace): OpenUpload {
  const repository = registry.storage.get(name);
  const upload = registry.uploads.find(repository, id);
  if (!upload) throw new OciFault(404, "BLOB_UPLOAD_UNKNOWN", "blob upload unknown to registry");
  return { repository, upload };
}

/**
 * Without Content-Range the body goes on where the last one ended; with it, it must say so
 * (distribution-spec, "Pushing a blob in chunks").
 */
function continues(upload: LayerUpload, request: ServiceRequest): boolean {
  const header = request.headers["content-range"];
  if (header === undefined) return true;
  const [, first, last] = /^(?:bytes[ =])?(\d+)-(\d+)(?:\/.*)?$/.exec(header) ?? [];
  return Number(first) === upload.size && Number(last) - Number(first) + 1 === request.body.length;
}

function finish(
  registry: Registry,
  request: ServiceRequest,
  { repository, upload, digest }: OpenUpload & { readonly digest: string },
): ServiceResponse {
  registry.uploads.append(upload, request.body);
  if (!registry.uploads.complete(repository, upload, digest)) throw digestInvalid(digest);
  return created(repository, digest);
}

/**
 * Range is inclusive, so it cannot say that nothing has come yet: `0-0`, as the reference
 * implementation does. Docker-Upload-UUID is optional, and ECR does not send it
 * (distribution/distribution pull request 2927).
 */
function progress(status: number, upload: LayerUpload): ServiceResponse {
  return ociAnswer(status, {
    location: `/v2/${upload.repository}/blobs/uploads/${upload.id}`,
    range: `0-${Math.max(0, upload.size - 1)}`,
  });
}

function created(repository: Repository, digest: string): ServiceResponse {
  return ociAnswer(201, {
    location: `/v2/${repository.name}/blobs/${digest}`,
    "docker-content-digest": digest,
  });
}

function digestInvalid(digest: string): OciFault {
  return new OciFault(
    400,
    "DIGEST_INVALID",
    `provided digest '${digest}' did not match uploaded content`,
  );
}
