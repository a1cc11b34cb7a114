import { randomUUID } from "node:crypto";
import { resourceArn } from "../aws/resource-arn.ts";
import type {
  CloudContext,
  Operation,
  Service,
  ServiceRequest,
  ServiceResponse,
} from "../service.ts";

export interface ClusterDefinition {
  readonly name: string;
  /** Address of the Kubernetes API, asked late. */
  endpoint(): string;
  /** PEM in base64, as DescribeCluster gives it. */
  readonly certificateAuthority: string;
}

type Call = { readonly kind: "describe"; readonly name: string } | { readonly kind: "list" };

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
      const call = callOf(request);
      return call && operationOf(call, arnOf);
    },
    async handle(request) {
      const call = callOf(request);
      if (!call) {
        return refused(404, "UnknownOperationException", {
          message: `${request.method} ${request.path}`,
        });
      }
      return call.kind === "describe" ? describe(call.name) : list(options.clusters, request.query);
    },
    close: async () => undefined,
  };
}

function callOf({ method, path }: ServiceRequest): Call | undefined {
  if (method !== "GET") return undefined;
  // Names are letters, digits, - and _, so nothing is percent-encoded (API_CreateCluster).
  if (path === "/clusters") return { kind: "list" };
  const name = /^\/clusters\/([^/]+)$/.exec(path)?.[1];
  return name === undefined ? undefined : { kind: "describe", name };
}

function operationOf(call: Call, arnOf: (name: string) => string): Operation {
  if (call.kind === "list") return { action: "eks:ListClusters", resources: ["*"], access: "read" };
  return { action: "eks:DescribeCluster", resources: [arnOf(call.name)], access: "read" };
}

/** Pages of at most 100 (API_ListClusters); the token is the last name that was shown. */
function list(clusters: readonly ClusterDefinition[], query: URLSearchParams): ServiceResponse {
  const most = Number(query.get("maxResults") ?? 100);
  const last = query.get("nextToken") ?? "";
  const rest = clusters
    .map(({ name }) => name)
    .toSorted()
    .filter((name) => name > last);
  const shown = rest.slice(0, most);
  return answer(200, { clusters: shown, nextToken: rest.length > most ? shown.at(-1) : null });
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
