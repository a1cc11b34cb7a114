import { createHmac } from "node:crypto";

/**
 * `v0=` and the HMAC-SHA256 of version, time and raw body
 * (https://docs.slack.dev/authentication/verifying-requests-from-slack).
 */
export function slackSignature(signingSecret: string, timestamp: string, body: string): string {
  return `v0=${createHmac("sha256", signingSecret).update(`v0:${timestamp}:${body}`).digest("hex")}`;
}
