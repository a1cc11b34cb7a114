import { Sha256 } from "@aws-crypto/sha256-js";
import { SignatureV4 } from "@smithy/signature-v4";
import type { Clock } from "../clock.ts";
import type { ServiceResponse } from "../service.ts";
import { awsError, forward } from "./forward.ts";
import type { AwsCredentials, RealEcr } from "./real-parts.ts";

export interface EcrPlace {
  readonly ecr: RealEcr;
  readonly region: string;
  readonly clock: Clock;
}

export interface EcrCall {
  /** `AmazonEC2ContainerRegistry_V20150921.PutImage` */
  readonly target: string;
  readonly body: Uint8Array;
}

/** One call of the JSON API (AWS JSON 1.1), signed with the user's own credentials. */
export async function callEcr(
  place: EcrPlace,
  { target, body }: EcrCall,
): Promise<ServiceResponse> {
  const url = new URL(place.ecr.endpoint);
  const headers = { "content-type": "application/x-amz-json-1.1", "x-amz-target": target };
  const credentials = await place.ecr.credentials().catch(reasonOf);
  // 403 is what ECR itself answers to credentials that it does not accept.
  if (typeof credentials === "string") {
    return awsError(403, {
      code: "UnrecognizedClientException",
      message: `there are no credentials for the real ECR: ${credentials}`,
    });
  }
  return forward({
    part: "ECR",
    url,
    init: {
      method: "POST",
      headers: await signedHeaders(place, { url, headers, body, credentials }),
      body,
    },
  });
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

async function signedHeaders(
  { region, clock }: EcrPlace,
  {
    url,
    headers,
    body,
    credentials,
  }: {
    readonly url: URL;
    readonly headers: Readonly<Record<string, string>>;
    readonly body: Uint8Array;
    readonly credentials: AwsCredentials;
  },
): Promise<Record<string, string>> {
  const signer = new SignatureV4({ service: "ecr", region, credentials, sha256: Sha256 });
  const signed = await signer.sign(
    {
      method: "POST",
      protocol: url.protocol,
      hostname: url.hostname,
      path: url.pathname,
      headers: { ...headers, host: url.host },
      body,
    },
    { signingDate: new Date(clock.now()) },
  );
  // The connection says itself where it leads.
  const { host: _host, ...sent } = signed.headers;
  return sent;
}
