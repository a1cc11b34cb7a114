import { Sha256 } from "@aws-crypto/sha256-js";
import { SignatureV4 } from "@smithy/signature-v4";
import { partitionOf } from "../../domain/partition.ts";
import type { Clock } from "../../ports/clock.ts";

export interface AwsCredentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
  readonly expiration?: Date;
}

export interface TokenRequest {
  /** The cluster's name in EKS. */
  readonly cluster: string;
  readonly region: string;
  readonly credentials: AwsCredentials;
  readonly clock: Clock;
}

/**
 * A bearer token for EKS: a presigned GetCallerIdentity that binds the cluster's name. Made
 * offline. The cluster accepts it for 15 minutes and refuses every query parameter beyond those of
 * the signature (kubernetes-sigs/aws-iam-authenticator, pkg/token/token.go).
 */
export async function eksToken({
  cluster,
  region,
  credentials,
  clock,
}: TokenRequest): Promise<string> {
  const hostname = stsHost(region);
  const signer = new SignatureV4({ service: "sts", region, credentials, sha256: Sha256 });
  const { query } = await signer.presign(
    {
      method: "GET",
      protocol: "https:",
      hostname,
      path: "/",
      headers: { host: hostname, "x-k8s-aws-id": cluster },
      query: { Action: "GetCallerIdentity", Version: "2011-06-15" },
    },
    { expiresIn: 60, signingDate: new Date(clock.now()) },
  );
  const parameters = Object.entries(query ?? {}).map(
    ([name, value]) => `${encodeURIComponent(name)}=${encodeURIComponent(String(value))}`,
  );
  return `k8s-aws-v1.${Buffer.from(`https://${hostname}/?${parameters.join("&")}`).toString("base64url")}`;
}

/** The regional host, of the partition that the Region is in. */
function stsHost(region: string): string {
  return `sts.${region}.${partitionOf(region).dnsSuffix}`;
}
