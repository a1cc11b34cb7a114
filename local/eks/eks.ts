import { randomUUID } from "node:crypto";
import { resourceArn } from "../aws/resource-arn.ts";
import type { CloudContext, Service, ServiceRequest, ServiceResponse } from "../service.ts";
import { unsupported } from "../unsupported.ts";

export interface ClusterDefinition {
  readonly name: string;
  /** Address of the Kubernetes API, asked late. */
  endpoint(): string;
  /** PEM in base64, as DescribeCluster gives it. */
  readonly certificateAuthority: string;
}

export function createEks(
  context: CloudContext,
  options: { readonly clusters: readonly ClusterDefinition[] },
): Service {
  const { account, region, clock } = context;
  const createdAt = clock.now() / 1_000;
  const arnOf = (name: string): string =>
    resourceArn({ account, region }, "eks", `cluster/${name}`);

  function describe(name: string): ServiceResponse {
    const cluster = options.clusters.find((each) => each.name === name);
    if (!cluster) {
      return refused(404, "ResourceNotFoundException", {
        clusterName: name,
        message: `No cluster found for name: ${name}.`,
      });
    }
    return answer(200, { cluster: clusterView(cluster, { arn: arnOf(name), createdAt }) });
  }

  return {
    name: "eks",
    endpointVariable: "AWS_ENDPOINT_URL_EKS",
    signingNames: ["eks"],
    operation(request) {
      const name = describedCluster(request);
      if (name === undefined) return undefined;
      return { action: "eks:DescribeCluster", resources: [arnOf(name)], access: "read" };
    },
    async handle(request) {
      const name = describedCluster(request);
      if (name !== undefined) return describe(name);
      return refused(404, "UnknownOperationException", {
        message: unsupported(`${request.method} ${request.path} of EKS`),
      });
    },
    close: async () => undefined,
  };
}

/** Names are letters, digits, - and _, so nothing is percent-encoded (API_CreateCluster). */
function describedCluster({ method, path }: ServiceRequest): string | undefined {
  return method === "GET" ? /^\/clusters\/([^/]+)$/.exec(path)?.[1] : undefined;
}

function clusterView(
  cluster: ClusterDefinition,
  { arn, createdAt }: { readonly arn: string; readonly createdAt: number },
): object {
  return {
    name: cluster.name,
    arn,
    createdAt,
    version: "1.34",
    status: "ACTIVE",
    endpoint: cluster.endpoint(),
    certificateAuthority: { data: cluster.certificateAuthority },
    accessConfig: { authenticationMode: "API" },
  };
}

/**
 * REST JSON services name the error's type in a header (smithy.io, "AWS restJson1 protocol",
 * operation error serialization).
 */
function refused(status: number, code: string, body: object): ServiceResponse {
  const { headers, ...rest } = answer(status, body);
  return { ...rest, headers: { ...headers, "x-amzn-errortype": code } };
}

function answer(status: number, body: object): ServiceResponse {
  return {
    status,
    headers: { "content-type": "application/json", "x-amzn-requestid": randomUUID() },
    body: JSON.stringify(body),
  };
}
