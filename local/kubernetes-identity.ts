interface Access {
  readonly cluster: string;
  readonly callerOf: (accessKeyId: string | undefined) => { readonly role: string | undefined; readonly functionName: string | undefined };
}

/**
 * Who an EKS token belongs to: `k8s-aws-v1.` and the presigned GetCallerIdentity URL, which must have signed the name of this cluster
 * (aws-iam-authenticator, pkg/token). undefined: 401.
 */
export function kubernetesIdentity(token: string, { cluster, callerOf }: Access): { user: string; groups: readonly string[]; functionName?: string } | undefined {
  const [prefix, encoded] = token.split(".");
  if (prefix !== "k8s-aws-v1" || encoded === undefined) return undefined;
  const url = URL.parse(Buffer.from(encoded, "base64url").toString("utf8"));
  const signed = url?.searchParams.get("X-Amz-SignedHeaders")?.split(";") ?? [];
  if (!signed.includes("x-k8s-aws-id")) return undefined;
  const { role, functionName } = callerOf(url?.searchParams.get("X-Amz-Credential")?.split("/")[0]);
  return role === undefined ? undefined : { user: role, groups: [`promoter:${cluster}`], ...(functionName === undefined ? {} : { functionName }) };
}
