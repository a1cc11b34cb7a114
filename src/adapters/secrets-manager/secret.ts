import { GetSecretValueCommand, type SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { PromoterError } from "../../domain/errors.ts";
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

/** Reads one field of the secret. Throws `MessengerUnavailable` or `MessengerRefused`; no message ever holds a part of the value. */
export type SecretReader = (field: string) => Promise<string>;

const fiveMinutes = 5 * 60 * 1000;

/** Callers at the same time share one call; a failed one is not kept. */
export function secretReader({ client, secretId, clock, maxAge = fiveMinutes }: SecretReaderOptions): SecretReader {
  let kept: { readonly value: Promise<unknown>; readonly until: number } | undefined;
  const value = (): Promise<unknown> => {
    if (kept && clock.now() < kept.until) return kept.value;
    const read = { value: readSecret(client, secretId), until: clock.now() + maxAge };
    kept = read;
    read.value.catch(() => { if (kept === read) kept = undefined; });
    return read.value;
  };
  return async (field) => fieldOf(await value(), { secretId, field });
}

async function readSecret(client: SecretsManagerClient, secretId: string): Promise<unknown> {
  const { SecretString: text = "" } = await client.send(new GetSecretValueCommand({ SecretId: secretId })).catch((error: unknown) => {
    throw translateError(error, secretId);
  });
  try {
    return JSON.parse(text);
  } catch {
    // The parser's message quotes the text, so it is not passed on.
    throw new PromoterError("MessengerRefused", `reading the secret ${secretId}: expected a JSON object, got something else; store one`);
  }
}

function fieldOf(value: unknown, { secretId, field }: { readonly secretId: string; readonly field: string }): string {
  const found: unknown = typeof value === "object" && value !== null ? new Map(Object.entries(value)).get(field) : undefined;
  if (typeof found === "string" && found !== "") return found;
  throw new PromoterError("MessengerRefused", `reading the secret ${secretId}: expected a text in its field "${field}", got none; store it`, {
    details: { secret: secretId, field },
  });
}
