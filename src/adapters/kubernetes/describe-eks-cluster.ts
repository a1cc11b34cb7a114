import { DescribeClusterCommand, type Cluster, type EKSClient } from "@aws-sdk/client-eks";
import { PromoterError, type ErrorName } from "../../domain/errors.ts";

export interface EksEndpoint {
  readonly endpoint: string;
  /** PEM in base64. */
  readonly certificateAuthority: string;
}

/**
 * Where the Kubernetes API of an EKS cluster is, and how to verify it. Throws `ClusterUnavailable`,
 * `ClusterRefused`.
 */
export async function describeEksCluster(client: EKSClient, name: string): Promise<EksEndpoint> {
  const cluster = await describeCluster(client, name);
  const { endpoint, certificateAuthority, status } = cluster ?? {};
  // Both are absent while the cluster is being created (API_Cluster).
  if (endpoint !== undefined && certificateAuthority?.data !== undefined) {
    return { endpoint, certificateAuthority: certificateAuthority.data };
  }
  throw new PromoterError(
    "ClusterUnavailable",
    `EKS cluster ${name} has no endpoint yet; its status is ${status ?? "unknown"}`,
  );
}

async function describeCluster(client: EKSClient, name: string): Promise<Cluster | undefined> {
  try {
    return (await client.send(new DescribeClusterCommand({ name }))).cluster;
  } catch (error) {
    throw translateError(error, name);
  }
}

/**
 * Errors of DescribeCluster and those common to all actions that waiting does not cure; all others
 * may pass.
 */
const refusals: Readonly<Record<string, string>> = {
  ResourceNotFoundException: "check its name and region in promoter.yml",
  AccessDeniedException: "the role of this function needs eks:DescribeCluster on it",
  ClientException: "the role of this function may not be used with EKS",
  InvalidParameterException: "check its name in promoter.yml",
  UnrecognizedClientException: "check the AWS credentials",
  InvalidClientTokenId: "check the AWS credentials",
  ExpiredTokenException: "renew the AWS credentials",
  CredentialsProviderError: "there are no AWS credentials",
};

function translateError(error: unknown, name: string): PromoterError {
  const { name: kind, message } =
    error instanceof Error ? error : { name: "unknown", message: String(error) };
  const remedy = refusals[kind];
  const errorName: ErrorName = remedy === undefined ? "ClusterUnavailable" : "ClusterRefused";
  return new PromoterError(
    errorName,
    `describing EKS cluster ${name}: ${kind}: ${message}${remedy === undefined ? "" : `; ${remedy}`}`,
    { cause: error },
  );
}
