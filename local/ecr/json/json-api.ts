import type { ServiceRequest, ServiceResponse } from "../../service.ts";
import { unsupported } from "../../unsupported.ts";
import { EcrFault } from "../ecr-fault.ts";
import type { Registry } from "../registry.ts";
import { batchGetImage, putImage } from "./image-operations.ts";
import { describeImages, listImageReferrers, listImages } from "./image-queries.ts";
import type { JsonOperation } from "./json-operation.ts";
import { batchCheckLayerAvailability, getDownloadUrlForLayer } from "./layer-operations.ts";
import { putRegistryScanningConfiguration } from "./put-scanning-configuration.ts";
import { getAuthorizationToken, putAccountSetting } from "./registry-operations.ts";
import { describeRepositories, putImageTagMutability } from "./repository-operations.ts";
import { describeImageScanFindings } from "./scan-operations.ts";
import { ecrTargetPrefix } from "./target-prefix.ts";

/** Whatever is not here is refused by name. */
const operations: ReadonlyMap<string, JsonOperation> = new Map([
  ["BatchCheckLayerAvailability", batchCheckLayerAvailability],
  ["BatchGetImage", batchGetImage],
  ["DescribeImageScanFindings", describeImageScanFindings],
  ["DescribeImages", describeImages],
  ["DescribeRepositories", describeRepositories],
  ["GetAuthorizationToken", getAuthorizationToken],
  ["GetDownloadUrlForLayer", getDownloadUrlForLayer],
  ["ListImageReferrers", listImageReferrers],
  ["ListImages", listImages],
  ["PutAccountSetting", putAccountSetting],
  ["PutImage", putImage],
  ["PutImageTagMutability", putImageTagMutability],
  ["PutRegistryScanningConfiguration", putRegistryScanningConfiguration],
]);

export function operationName(request: ServiceRequest): string | undefined {
  const target = request.headers["x-amz-target"];
  return target?.startsWith(ecrTargetPrefix) ? target.slice(ecrTargetPrefix.length) : undefined;
}

/** AWS JSON 1.1 over HTTP. Source: Smithy, "AWS JSON 1.1 protocol". */
export function answerJson(registry: Registry, request: ServiceRequest): ServiceResponse {
  try {
    const name = operationName(request) ?? "";
    const run = operations.get(name);
    if (!run) throw new EcrFault("UnknownOperationException", unsupported(`ecr:${name}`));
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
