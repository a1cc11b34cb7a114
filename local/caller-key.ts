/**
 * Path prefix by which a client that does not sign tells the local cloud which container it runs
 * in.
 */
const mark = /^\/_as\/([^/]+)(\/.*)$/;

/**
 * The address of a service for one container: what it calls there is recorded as the call of its
 * function.
 */
export function markedAddress(address: string, accessKeyId: string): string {
  const url = new URL(address);
  return `${url.origin}/_as/${accessKeyId}${url.pathname}`;
}

/** Takes the mark off a path. */
export function readMark(path: string): {
  readonly path: string;
  readonly accessKeyId: string | undefined;
} {
  const [, accessKeyId, rest] = mark.exec(path) ?? [];
  return { path: rest ?? path, accessKeyId };
}

/** Whose signature an EKS token is: it carries a presigned URL (aws-iam-authenticator, pkg/token). */
export function keyOfEksToken(authorization: string | undefined): string | undefined {
  const [, token] = /^Bearer (\S+)/.exec(authorization ?? "") ?? [];
  return token === undefined ? undefined : keyOfPresignedUrl(presignedUrlOf(token));
}

/**
 * The URL inside an EKS token: `k8s-aws-v1.` and its base64url; undefined when it is another kind
 * of token.
 */
export function presignedUrlOf(token: string): URL | undefined {
  const [, encoded] = /^k8s-aws-v1\.([\w-]+)$/.exec(token) ?? [];
  return encoded === undefined
    ? undefined
    : (URL.parse(Buffer.from(encoded, "base64url").toString("utf8")) ?? undefined);
}

export function keyOfPresignedUrl(url: URL | undefined): string | undefined {
  return url?.searchParams.get("X-Amz-Credential")?.split("/")[0];
}
