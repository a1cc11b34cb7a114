import type { ServiceRequest, ServiceResponse } from "../../service.ts";
import type { Registry } from "../registry.ts";
import { asOciFault, ociAnswer, ociError, OciFault } from "./oci-answer.ts";
import { getBlob, headBlob } from "./oci-blobs.ts";
import { listReferrers, listRepositories, listTags } from "./oci-listings.ts";
import { deleteManifest, getManifest, putManifest } from "./oci-manifests.ts";
import type { ManifestPlace } from "./oci-manifests.ts";
import { ociRoute } from "./oci-route.ts";
import type { OciRoute } from "./oci-route.ts";
import {
  cancelUpload,
  finishUpload,
  startUpload,
  uploadChunk,
  uploadProgress,
} from "./oci-uploads.ts";
import type { UploadPlace } from "./oci-uploads.ts";

/** The OCI distribution API, version 1.1, as docker, skopeo, crane and Kaniko speak it. */
export function answerOci(registry: Registry, request: ServiceRequest): ServiceResponse {
  const refusal = refusedLogin(registry, request);
  if (refusal) return refusal;
  try {
    return answerRoute(registry, request, ociRoute(request.path));
  } catch (error) {
    const fault = asOciFault(error);
    if (!fault) throw error;
    return ociError(fault);
  }
}

/**
 * The challenge is Basic, not a token service; an expired token is told apart. Source: ECR user
 * guide, "Common errors".
 */
function refusedLogin(registry: Registry, request: ServiceRequest): ServiceResponse | undefined {
  const login = registry.credentials.check(request.headers["authorization"]);
  if (login === "accepted") return undefined;
  if (login === "expired") {
    return ociError(
      new OciFault(
        403,
        "DENIED",
        "Your authorization token has expired. Reauthenticate and try again.",
      ),
    );
  }
  const challenge = `Basic realm="${registry.context.origin()}/",service="ecr.amazonaws.com"`;
  return ociAnswer(
    401,
    { "www-authenticate": challenge, "content-type": "text/plain" },
    "Not Authorized\n",
  );
}

function answerRoute(
  registry: Registry,
  request: ServiceRequest,
  route: OciRoute,
): ServiceResponse {
  const { method } = request;
  switch (route.kind) {
    case "base":
      return ociAnswer(200, { "content-type": "application/json" }, "{}");
    case "catalog":
      return method === "GET" ? listRepositories(registry, request) : notAllowed();
    case "manifest":
      return answerManifest(registry, request, route);
    case "blob":
      if (method === "HEAD") return headBlob(registry, route);
      return method === "GET" ? getBlob(registry, route) : notAllowed();
    case "uploads":
      return method === "POST" ? startUpload(registry, request, route.name) : notAllowed();
    case "upload":
      return answerUpload(registry, request, route);
    case "tags":
      return method === "GET" ? listTags(registry, request, route.name) : notAllowed();
    case "referrers":
      return method === "GET" ? listReferrers(registry, request, route) : notAllowed();
    case "unknown":
      break;
  }
  return ociAnswer(404, { "content-type": "text/plain" }, "404 page not found\n");
}

function answerManifest(
  registry: Registry,
  request: ServiceRequest,
  place: ManifestPlace,
): ServiceResponse {
  switch (request.method) {
    case "GET":
    case "HEAD":
      return getManifest(registry, request, place);
    case "PUT":
      return putManifest(registry, request, place);
    case "DELETE":
      return deleteManifest(registry, place);
    default:
      return notAllowed();
  }
}

function answerUpload(
  registry: Registry,
  request: ServiceRequest,
  place: UploadPlace,
): ServiceResponse {
  switch (request.method) {
    case "GET":
      return uploadProgress(registry, place);
    case "PATCH":
      return uploadChunk(registry, request, place);
    case "PUT":
      return finishUpload(registry, request, place);
    case "DELETE":
      return cancelUpload(registry, place);
    default:
      return notAllowed();
  }
}

function notAllowed(): ServiceResponse {
  return ociError(new OciFault(405, "UNSUPPORTED", "The operation is unsupported."));
}
