/** A value and the labels that name it. Text is kept as it is, bytes in base64. */
export interface SecretVersion {
  readonly id: string;
  readonly value: SecretValue;
  readonly stages: readonly string[];
  readonly createdAt: number;
}

export type SecretValue = { readonly kind: "text" | "binary"; readonly data: string };

export interface Secret {
  readonly name: string;
  readonly arn: string;
  readonly createdAt: number;
  readonly changedAt: number;
  readonly versions: readonly SecretVersion[];
}

export type Lookup =
  | { readonly kind: "found"; readonly version: SecretVersion }
  | { readonly kind: "missing"; readonly what: string }
  | { readonly kind: "mismatch" };

/**
 * By version, by label, or by both, which must then agree. Without either it is the current
 * version.
 */
export function findVersion(
  { versions }: Secret,
  { id, stage }: { readonly id?: string | undefined; readonly stage?: string | undefined },
): Lookup {
  const label = stage ?? "AWSCURRENT";
  const version = versions.find((each) =>
    id === undefined ? each.stages.includes(label) : each.id === id,
  );
  if (!version) {
    return {
      kind: "missing",
      what: id === undefined ? `staging label: ${label}` : `VersionId: ${id}`,
    };
  }
  return stage !== undefined && !version.stages.includes(stage)
    ? { kind: "mismatch" }
    : { kind: "found", version };
}

/**
 * Adds a version and moves its labels to it. When AWSCURRENT moves, the version that had it becomes
 * AWSPREVIOUS (API_PutSecretValue). A version without labels is deprecated and may be deleted at
 * any time; here it is at once.
 */
export function withVersion(secret: Secret, added: SecretVersion): Secret {
  const movesCurrent = added.stages.includes("AWSCURRENT");
  const older = secret.versions.map((version) => {
    const wasCurrent = movesCurrent && version.stages.includes("AWSCURRENT");
    const kept = version.stages.filter(
      (stage) => !added.stages.includes(stage) && !(movesCurrent && stage === "AWSPREVIOUS"),
    );
    return { ...version, stages: wasCurrent ? [...kept, "AWSPREVIOUS"] : kept };
  });
  const versions = [...older.filter(({ stages }) => stages.length > 0), added];
  return { ...secret, changedAt: added.createdAt, versions };
}
