import * as z from "zod";
import {
  jsonOperation,
  ok,
  refused,
  type JsonOperation,
  type Outcome,
} from "../aws/json-protocol.ts";
import { unsupported } from "../unsupported.ts";

export interface Secret {
  readonly name: string;
  readonly arn: string;
  /** A secret that was made without a value has no version yet. */
  readonly current: SecretVersion | undefined;
}

export interface SecretVersion {
  readonly id: string;
  readonly value: string;
  readonly createdAt: number;
}

interface Directory {
  now(): number;
  newId(): string;
  /** By name, ARN, or ARN without its random suffix. */
  find(id: string): Secret | undefined;
  put(secret: Secret): void;
  /** Also for secrets that do not exist, which IAM sees all the same. */
  arnOf(id: string): string;
}

/** Only the current value, and only text: nothing asks for earlier ones. */
const unsupportedField = (name: string) => z.undefined({ error: unsupported(name) }).optional();
const getInput = z.object({
  SecretId: z.string(),
  VersionId: unsupportedField("VersionId"),
  VersionStage: unsupportedField("VersionStage"),
});
const putInput = z.object({
  SecretId: z.string(),
  ClientRequestToken: z.string().min(32).max(64).optional(),
  SecretString: z.string().optional(),
  SecretBinary: unsupportedField("SecretBinary"),
  VersionStages: unsupportedField("VersionStages"),
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
      input: getInput,
      access: "read",
      view,
      run: ({ SecretId }) => known(SecretId, value),
    }),
    PutSecretValue: jsonOperation({
      input: putInput,
      access: "write",
      view,
      run: (input) => known(input.SecretId, (secret) => put(directory, secret, input)),
    }),
  };
}

function value(secret: Secret): Outcome {
  const { current } = secret;
  if (!current) {
    return refused(
      "ResourceNotFoundException",
      "Secrets Manager can't find the specified secret value for staging label: AWSCURRENT",
    );
  }
  return ok({
    ...versionView(secret, current),
    SecretString: current.value,
    CreatedDate: current.createdAt / 1_000,
  });
}

function put(directory: Directory, secret: Secret, input: z.output<typeof putInput>): Outcome {
  if (input.SecretString === undefined) {
    return refused(
      "InvalidParameterException",
      "You must provide either SecretString or SecretBinary.",
    );
  }
  const id = input.ClientRequestToken ?? directory.newId();
  if (secret.current?.id === id) return repeated(secret, secret.current, input.SecretString);
  const current = { id, value: input.SecretString, createdAt: directory.now() };
  directory.put({ ...secret, current });
  return ok(versionView(secret, current));
}

/**
 * "This operation is idempotent. If you call this operation with a ClientRequestToken that already
 * exists …" (API_PutSecretValue).
 */
function repeated(secret: Secret, existing: SecretVersion, given: string): Outcome {
  if (existing.value === given) return ok(versionView(secret, existing));
  const use = `a version of secret ${secret.arn}`;
  const message = `You can't use ClientRequestToken ${existing.id} because that value is already in use for ${use}.`;
  return refused("ResourceExistsException", message);
}

function versionView(
  { arn, name }: Secret,
  { id }: SecretVersion,
): Readonly<Record<string, unknown>> {
  return { ARN: arn, Name: name, VersionId: id, VersionStages: ["AWSCURRENT"] };
}
