import type { ServiceRequest, ServiceResponse } from "../../service.ts";
import { EcrFault } from "../ecr-fault.ts";
import type { Registry } from "../registry.ts";
import { batchDeleteImage, batchGetImage, putImage } from "./image-operations.ts";
import { describeImages, listImageReferrers, listImages } from "./image-queries.ts";
import type { JsonOperation } from "./json-operation.ts";
import {
  batchCheckLayerAvailability,
  completeLayerUpload,
  getDownloadUrlForLayer,
  initiateLayerUpload,
  uploadLayerPart,
} from "./layer-operations.ts";
import * as registryOperations from "./registry-operations.ts";
import {
  createRepository,
  deleteRepository,
  describeRepositories,
  putImageTagMutability,
} from "./repository-operations.ts";
import { describeImageScanFindings, startImageScan } from "./scan-operations.ts";
import * as scanning from "./scanning-configuration-operations.ts";

/** Whatever is not here is refused by name. */
const operations: ReadonlyMap<string, JsonOperation> = new Map([
  ["BatchCheckLayerAvailability", batchCheckLayerAvailability],
  ["BatchDeleteImage", batchDeleteImage],
  ["BatchGetImage", batchGetImage],
  ["BatchGetRepositoryScanningConfiguration", scanning.batchGetRepositoryScanningConfiguration],
  ["CompleteLayerUpload", completeLayerUpload],
  ["CreateRepository", createRepository],
  ["DeleteRepository", deleteRepository],
  ["DescribeImageScanFindings", describeImageScanFindings],
  ["DescribeImages", describeImages],
  ["DescribeRegistry", registryOperations.describeRegistry],
  ["DescribeRepositories", describeRepositories],
  ["GetAccountSetting", registryOperations.getAccountSetting],
  ["GetAuthorizationToken", registryOperations.getAuthorizationToken],
  ["GetDownloadUrlForLayer", getDownloadUrlForLayer],
  ["GetRegistryScanningConfiguration", scanning.getRegistryScanningConfiguration],
  ["InitiateLayerUpload", initiateLayerUpload],
  ["ListImageReferrers", listImageReferrers],
  ["ListImages", listImages],
  ["PutAccountSetting", registryOperations.putAccountSetting],
  ["PutImage", putImage],
  ["PutImageTagMutability", putImageTagMutability],
  ["PutRegistryScanningConfiguration", scanning.putRegistryScanningConfiguration],
  ["StartImageScan", startImageScan],
  ["UploadLayerPart", uploadLayerPart],
]);

const targetPrefix = "AmazonEC2ContainerRegistry_V20150921.";

export function operationName(request: ServiceRequest): string | undefined {
  const target = request.headers["x-amz-target"];
  return target?.startsWith(targetPrefix) ? target.slice(targetPrefix.length) : undefined;
}

/** AWS JSON 1.1 over HTTP. Source: Smithy, "AWS JSON 1.1 protocol". */
export function answerJson(registry: Registry, request: ServiceRequest): ServiceResponse {
  try {
    const run = operations.get(operationName(request) ?? "");
    if (!run) throw new EcrFault("UnknownOperationException", "");
    return jsonResponse(200, run(registry, inputOf(request)));
  } catch (error) {
    if (!(error instanceof EcrFault)) throw error;
    return jsonResponse(400, { __type: error.code, message: error.message, ...error.fields });
  }
}

function inputOf(request: ServiceRequest): unknown {
  try {
    return request.body.length === 0 ? {} : JSON.parse(request.body.toString("utf8"));
  } catch {
    throw new EcrFault("SerializationException", "The request body is not JSON");
  }
}

function jsonResponse(status: number, answer: unknown): ServiceResponse {
  return {
    status,
    headers: { "content-type": "application/x-amz-json-1.1" },
    body: JSON.stringify(answer),
  };
}
