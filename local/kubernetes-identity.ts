import { keyOfPresignedUrl, presignedUrlOf } from "./caller-key.ts";

interface Access {
  readonly cluster: string;
  readonly callerOf: (accessKeyId: string | undefined) => {
    readonly role: string | undefined;
    readonly functionName: string | undefined;
  };
}

/**
 * Who an EKS token belongs to: whoever presigned the GetCallerIdentity URL in it. The header with
 * the cluster's name must be among the signed ones (aws-iam-authenticator, pkg/token); the
 * signature itself is not checked here. undefined: 401. A key that is no function's is that of a
 * person on this machine, who may do everything here as at every other service of this cloud. So is
 * a request without a token: over plain HTTP `kubectl` sends none (client-go, rest/transport.go).
 */
export function kubernetesIdentity(
  token: string | undefined,
  { cluster, callerOf }: Access,
): { user: string; groups: readonly string[]; functionName?: string } | undefined {
  if (token === undefined) return { user: "person", groups: ["system:masters"] };
  const url = presignedUrlOf(token);
  const key = keyOfPresignedUrl(url);
  const signed = url?.searchParams.get("X-Amz-SignedHeaders")?.split(";") ?? [];
  if (key === undefined || !signed.includes("x-k8s-aws-id")) return undefined;
  const { role, functionName } = callerOf(key);
  return {
    user: role ?? key,
    groups: [`promoter:${cluster}`],
    ...(functionName === undefined ? {} : { functionName }),
  };
}
