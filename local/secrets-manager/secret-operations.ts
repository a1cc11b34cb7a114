import * as z from "zod";
import {
  jsonOperation,
  ok,
  refused,
  type JsonOperation,
  type Outcome,
} from "../aws/json-protocol.ts";
import {
  findVersion,
  withVersion,
  type Secret,
  type SecretValue,
  type SecretVersion,
} from "./secret.ts";

interface Directory {
  now(): number;
  newId(): string;
  /** By name, ARN, or ARN without its random suffix. */
  find(id: string): Secret | undefined;
  put(secret: Secret): void;
  /** Also for secrets that do not exist, which IAM sees all the same. */
  arnOf(id: string): string;
}

const secretId = z.object({ SecretId: z.string() });
const putInput = secretId.extend({
  ClientRequestToken: z.string().min(32).max(64).optional(),
  SecretString: z.string().optional(),
  SecretBinary: z.base64().optional(),
  VersionStages: z.array(z.string()).min(1).max(20).default(["AWSCURRENT"]),
});

/** Messages as captured from the service by github.com/getmoto/moto, tests/test_secretsmanager. */
export function secretOperations(directory: Directory): Readonly<Record<string, JsonOperation>> {
  const view = ({ SecretId }: { readonly SecretId: string }) => ({
    resources: [directory.arnOf(SecretId)],
  });
  const known = (id: string, use: (secret: Secret) => Outcome): Outcome => {
    const secret = directory.find(id);
    return secret
      ? use(secret)
      : refused("ResourceNotFoundException", "Secrets Manager can't find the specified secret.");
  };
  return {
    GetSecretValue: jsonOperation({
      input: secretId.extend({
        VersionId: z.string().optional(),
        VersionStage: z.string().optional(),
      }),
      access: "read",
      view,
      run: ({ SecretId, VersionId, VersionStage }) =>
        known(SecretId, (secret) => value(secret, { id: VersionId, stage: VersionStage })),
    }),
    DescribeSecret: jsonOperation({
      input: secretId,
      access: "read",
      view,
      run: ({ SecretId }) => known(SecretId, (secret) => ok(description(secret))),
    }),
    PutSecretValue: jsonOperation({
      input: putInput,
      access: "write",
      view,
      run: (input) => known(input.SecretId, (secret) => put(directory, secret, input)),
    }),
  };
}

function value(secret: Secret, wanted: Parameters<typeof findVersion>[1]): Outcome {
  const found = findVersion(secret, wanted);
  if (found.kind === "missing") {
    return refused(
      "ResourceNotFoundException",
      `Secrets Manager can't find the specified secret value for ${found.what}`,
    );
  }
  if (found.kind === "mismatch") {
    return refused(
      "InvalidRequestException",
      "You provided a VersionStage that is not associated to the provided VersionId.",
    );
  }
  const { version } = found;
  return ok({
    ...versionView(secret, version),
    ...valueView(version.value),
    CreatedDate: version.createdAt / 1_000,
  });
}

function put(directory: Directory, secret: Secret, input: z.output<typeof putInput>): Outcome {
  const given = secretValue(input);
  if (!given) {
    return refused(
      "InvalidParameterException",
      "You must provide either SecretString or SecretBinary.",
    );
  }
  const id = input.ClientRequestToken ?? directory.newId();
  const existing = secret.versions.find((version) => version.id === id);
  if (existing) return repeated(secret, existing, given);
  const version = {
    id,
    value: given,
    stages: [...new Set(input.VersionStages)],
    createdAt: directory.now(),
  };
  directory.put(withVersion(secret, version));
  return ok(versionView(secret, version));
}

/**
 * "This operation is idempotent. If you call this operation with a ClientRequestToken that already
 * exists …" (API_PutSecretValue).
 */
function repeated(secret: Secret, existing: SecretVersion, given: SecretValue): Outcome {
  if (existing.value.kind === given.kind && existing.value.data === given.data) {
    return ok(versionView(secret, existing));
  }
  const message = `You can't use ClientRequestToken ${existing.id} because that value is already in use for a version of secret ${secret.arn}.`;
  return refused("ResourceExistsException", message);
}

function secretValue({
  SecretString,
  SecretBinary,
}: z.output<typeof putInput>): SecretValue | undefined {
  if (SecretString !== undefined && SecretBinary !== undefined) return undefined;
  if (SecretString !== undefined) return { kind: "text", data: SecretString };
  return SecretBinary === undefined ? undefined : { kind: "binary", data: SecretBinary };
}

function versionView(
  { arn, name }: Secret,
  { id, stages }: SecretVersion,
): Readonly<Record<string, unknown>> {
  return { ARN: arn, Name: name, VersionId: id, VersionStages: stages };
}

function valueView({ kind, data }: SecretValue): Readonly<Record<string, string>> {
  return kind === "text" ? { SecretString: data } : { SecretBinary: data };
}

function description({
  arn,
  name,
  createdAt,
  changedAt,
  versions,
}: Secret): Readonly<Record<string, unknown>> {
  const stages = Object.fromEntries(versions.map((version) => [version.id, version.stages]));
  return {
    ARN: arn,
    Name: name,
    CreatedDate: createdAt / 1_000,
    LastChangedDate: changedAt / 1_000,
    VersionIdsToStages: stages,
  };
}
