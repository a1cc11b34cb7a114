import { GetSecretValueCommand, type SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { PromoterError } from "../../domain/errors.ts";
import { textAt } from "../../domain/json.ts";
import { parseJson } from "../../domain/parse-json.ts";
import type { Clock } from "../../ports/clock.ts";
import { translateError } from "./translate-error.ts";

export interface SecretReaderOptions {
  readonly client: SecretsManagerClient;
  /** Name or ARN of a secret that holds one JSON object of texts. */
  readonly secretId: string;
  readonly clock: Clock;
  /** Milliseconds that a value is used before it is read again, so that a rotated one is taken up. */
  readonly maxAge?: number;
}

/**
 * Reads one field of the secret. A value that was `refused` by whom it was shown to may have been
 * changed since it was read: if it is still the one that is kept, the secret is read again. Throws
 * `MessengerUnavailable` or `MessengerRefused`; no message ever holds a part of the value.
 */
export type SecretReader = (field: string, refused?: string) => Promise<string>;

interface CachedSecret {
  readonly value: Promise<unknown>;
  readonly until: number;
}

const fiveMinutes = 5 * 60 * 1000;

/**
 * Callers at the same time share one call; a failed one is not kept, and what was kept before it
 * stays.
 */
export function secretReader({
  client,
  secretId,
  clock,
  maxAge = fiveMinutes,
}: SecretReaderOptions): SecretReader {
  let kept: CachedSecret | undefined;
  const read = (): CachedSecret => {
    const before = kept;
    const fresh = { value: readSecret(client, secretId), until: clock.now() + maxAge };
    kept = fresh;
    fresh.value.catch(() => {
      if (kept === fresh) kept = before;
    });
    return fresh;
  };
  const current = (): CachedSecret => (kept && clock.now() < kept.until ? kept : read());
  return async (field, refused) => {
    const one = current();
    const found = fieldOf(await one.value, { secretId, field });
    if (found !== refused) return found;
    const other = kept === one ? read() : current();
    return fieldOf(await other.value, { secretId, field });
  };
}

async function readSecret(client: SecretsManagerClient, secretId: string): Promise<unknown> {
  const { SecretString: text = "" } = await client
    .send(new GetSecretValueCommand({ SecretId: secretId }))
    .catch((error: unknown) => {
      throw translateError(error, secretId);
    });
  const secret = parseJson(text);
  if (secret === undefined) {
    throw new PromoterError(
      "MessengerRefused",
      `reading the secret ${secretId}: expected a JSON object, got something else; store one`,
    );
  }
  return secret;
}

function fieldOf(
  value: unknown,
  { secretId, field }: { readonly secretId: string; readonly field: string },
): string {
  const found = textAt(value, field);
  if (found) return found;
  throw new PromoterError(
    "MessengerRefused",
    `reading the secret ${secretId}: expected a string in its field "${field}", got none; store it`,
    { details: { secret: secretId, field } },
  );
}
