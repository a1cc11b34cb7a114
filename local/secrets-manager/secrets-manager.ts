import { randomUUID } from "node:crypto";
import { answerJson, jsonOperationView, type JsonProtocol } from "../aws/json-protocol.ts";
import { resourceArn } from "../aws/resource-arn.ts";
import type { CloudContext, Service } from "../service.ts";
import { secretOperations, type Secret } from "./secret-operations.ts";

export interface SecretDefinition {
  readonly name: string;
  readonly arn: string;
  /** A secret that was made without a value has no version yet. */
  readonly value?: string;
}

export function createSecretsManager(
  context: CloudContext,
  options: { readonly secrets: readonly SecretDefinition[] },
): Service {
  const now = (): number => context.clock.now();
  const secrets = new Map(
    options.secrets.map((definition) => [definition.arn, createSecret(definition, now())]),
  );
  const find = (id: string): Secret | undefined =>
    [...secrets.values()].find((secret) => isNamed(secret, id));
  const protocol: JsonProtocol = {
    target: "secretsmanager",
    iam: "secretsmanager",
    contentType: "application/x-amz-json-1.1",
    operations: secretOperations({
      now,
      newId: randomUUID,
      find,
      put: (secret) => void secrets.set(secret.arn, secret),
      arnOf: (id) =>
        find(id)?.arn ??
        (id.startsWith("arn:") ? id : resourceArn(context, "secretsmanager", `secret:${id}`)),
    }),
  };
  return {
    name: "secrets-manager",
    endpointVariable: "AWS_ENDPOINT_URL_SECRETS_MANAGER",
    signingNames: ["secretsmanager"],
    operation: (request) => jsonOperationView(protocol, request),
    handle: async (request) => answerJson(protocol, request),
    close: async () => undefined,
  };
}

function createSecret({ name, arn, value }: SecretDefinition, now: number): Secret {
  const current = value === undefined ? undefined : { id: randomUUID(), value, createdAt: now };
  return { name, arn, current };
}

/**
 * An ARN ends in a hyphen and six random characters, which callers may leave out
 * (API_GetSecretValue, SecretId).
 */
function isNamed({ name, arn }: Secret, id: string): boolean {
  return id === name || id === arn || (id.startsWith("arn:") && arn.replace(/-\w{6}$/, "") === id);
}
