import { createHmac, timingSafeEqual } from "node:crypto";

export interface SignedRequest {
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string | undefined>>;
  /** The very bytes that were sent. */
  readonly body: Uint8Array;
}

export type SignatureCheck =
  | { readonly kind: "genuine" }
  | { readonly kind: "forged"; readonly reason: string };

const seconds = 1_000;
const tolerance = 300 * seconds;

/**
 * Whether Slack sent it, not more than five minutes before or after `now` (epoch milliseconds).
 * Source: docs.slack.dev, "Verifying requests from Slack".
 */
export function verifySignature(
  { headers, body }: SignedRequest,
  { secret, now }: { readonly secret: string; readonly now: number },
): SignatureCheck {
  const timestamp = headers["x-slack-request-timestamp"] ?? "";
  if (!/^\d{1,12}$/.test(timestamp)) {
    return { kind: "forged", reason: "the header X-Slack-Request-Timestamp is not a time" };
  }
  if (Math.abs(now - Number(timestamp) * seconds) > tolerance) {
    return { kind: "forged", reason: "it is more than five minutes off: sent late or replayed" };
  }
  const expected = `v0=${createHmac("sha256", secret).update(`v0:${timestamp}:`).update(body).digest("hex")}`;
  return sameText(expected, headers["x-slack-signature"] ?? "")
    ? { kind: "genuine" }
    : { kind: "forged", reason: "the signature does not match" };
}

/** Takes as long for every text of the right length. `timingSafeEqual` throws on unequal lengths. */
function sameText(expected: string, given: string): boolean {
  const [one, other] = [Buffer.from(expected), Buffer.from(given)];
  return one.length === other.length && timingSafeEqual(one, other);
}
