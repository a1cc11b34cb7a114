import { resourceArn } from "../aws/resource-arn.ts";
import { parseJson, objectAt } from "../json-value.ts";
import type { CloudContext, Operation, ServiceRequest } from "../service.ts";
import { repositoryArn } from "./events.ts";
import { operationName } from "./json/json-api.ts";
import { ociRoute } from "./oci/oci-route.ts";

interface RegistryView {
  readonly context: CloudContext;
  readonly scanning: "BASIC" | "ENHANCED";
}

/**
 * The IAM view: actions and resources of the service authorization reference, "Amazon Elastic
 * Container Registry".
 */
export function ecrOperation(
  { context, scanning }: RegistryView,
  request: ServiceRequest,
): Operation | undefined {
  if (isDistribution(request)) return distributionOperation(context, request);
  const name = operationName(request);
  if (name === undefined) return undefined;
  const operation = jsonOperation(context, request, name);
  return name === "DescribeImageScanFindings" && scanning === "ENHANCED"
    ? { ...operation, alsoNeeds: inspections(context) }
    : operation;
}

/**
 * Enhanced findings are Inspector's. Source: ECR user guide, "IAM permissions required for enhanced
 * scanning"; ARN: alexjurkiewicz/ecr-scan-image issue 19.
 */
function inspections(context: CloudContext): NonNullable<Operation["alsoNeeds"]> {
  const arnOf = (path: string): string => resourceArn(context, "inspector2", `/${path}/list`);
  return [
    { action: "inspector2:ListCoverage", resources: [arnOf("coverage")] },
    { action: "inspector2:ListFindings", resources: [arnOf("findings")] },
  ];
}

export function isDistribution(request: ServiceRequest): boolean {
  return request.path === "/v2" || request.path.startsWith("/v2/");
}

function jsonOperation(context: CloudContext, request: ServiceRequest, name: string): Operation {
  const repositories = namedRepositories(request);
  const resources = onWholeRegistry.has(name)
    ? ["*"]
    : repositories.map((repository) => arn(context, repository));
  // ListImageReferrers has no action of its own. Source: API reference, ListImageReferrers.
  const action = name === "ListImageReferrers" ? "ecr:BatchGetImage" : `ecr:${name}`;
  return { action, resources, access: isRead(name) ? "read" : "write" };
}

const onWholeRegistry: ReadonlySet<string> = new Set([
  "GetAuthorizationToken",
  "PutAccountSetting",
  "PutRegistryScanningConfiguration",
]);

/** The access levels List and Read together; every other action changes something. */
function isRead(name: string): boolean {
  return /^(BatchCheck|BatchGet|Describe|Get|List)/.test(name);
}

/** Without a name the call concerns every repository. */
function namedRepositories(request: ServiceRequest): readonly string[] {
  const { repositoryName, repositoryNames } = bodyOf(request);
  if (typeof repositoryName === "string") return [repositoryName];
  const names = Array.isArray(repositoryNames)
    ? repositoryNames.filter((name) => typeof name === "string")
    : [];
  return names.length > 0 ? names : ["*"];
}

function bodyOf(request: ServiceRequest): {
  readonly repositoryName?: unknown;
  readonly repositoryNames?: unknown;
} {
  return objectAt(parseJson(request.body.toString("utf8")));
}

/**
 * A push or pull by the distribution API needs the same permissions as the calls of the JSON API
 * that it stands for.
 */
function distributionOperation(
  context: CloudContext,
  request: ServiceRequest,
): Operation | undefined {
  const route = ociRoute(request.path);
  if (route.kind === "catalog") {
    return { action: "ecr:DescribeRepositories", resources: [arn(context, "*")], access: "read" };
  }
  if (route.kind === "base" || route.kind === "unknown") return undefined;
  const name = distributionActions[route.kind]?.[request.method];
  if (name === undefined) return undefined;
  return {
    action: `ecr:${name}`,
    resources: [arn(context, route.name)],
    access: isRead(name) ? "read" : "write",
  };
}

const distributionActions: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  manifest: {
    GET: "BatchGetImage",
    HEAD: "BatchGetImage",
    PUT: "PutImage",
    DELETE: "BatchDeleteImage",
  },
  blob: { GET: "GetDownloadUrlForLayer", HEAD: "BatchCheckLayerAvailability" },
  uploads: { POST: "InitiateLayerUpload" },
  upload: {
    GET: "UploadLayerPart",
    PATCH: "UploadLayerPart",
    PUT: "CompleteLayerUpload",
    DELETE: "UploadLayerPart",
  },
  tags: { GET: "ListImages" },
  referrers: { GET: "BatchGetImage" },
};

function arn(context: CloudContext, repository: string): string {
  return repositoryArn({ account: context.account, region: context.region, repository });
}
