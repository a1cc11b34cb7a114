/** Path prefix by which a client that does not sign tells the local cloud which container it runs in. */
const mark = /^\/_as\/([^/]+)(\/.*)$/;

/** The address of a service for one container: what it calls there is recorded as the call of its function. */
export function markedAddress(address: string, accessKeyId: string): string {
  const url = new URL(address);
  return `${url.origin}/_as/${accessKeyId}${url.pathname}`;
}

/** Takes the mark off a path. */
export function readMark(path: string): { readonly path: string; readonly accessKeyId: string | undefined } {
  const [, accessKeyId, rest] = mark.exec(path) ?? [];
  return { path: rest ?? path, accessKeyId };
}

/** Whose signature an EKS token is: it carries a presigned URL (aws-iam-authenticator, pkg/token). */
export function keyOfEksToken(authorization: string | undefined): string | undefined {
  const [, encoded] = /^Bearer k8s-aws-v1\.([\w-]+)/.exec(authorization ?? "") ?? [];
  const url = encoded === undefined ? undefined : URL.parse(Buffer.from(encoded, "base64url").toString("utf8"));
  return url?.searchParams.get("X-Amz-Credential")?.split("/")[0];
}
