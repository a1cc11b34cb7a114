import { formatDuration } from "../../domain/duration.ts";
import { isPromoterError, PromoterError } from "../../domain/errors.ts";

/**
 * Errors of the Web API that may be gone soon. With the second and third it may have done part of
 * the work already. Source: docs.slack.dev, chat.postMessage.
 */
const transient: ReadonlySet<string> = new Set([
  "ratelimited",
  "fatal_error",
  "internal_error",
  "rate_limited",
  "request_timeout",
  "service_unavailable",
  "team_added_to_org",
]);

const newToken = "store a valid bot token in the secret";
const ourFault = "report this as a bug in the promoter";

/**
 * Errors of docs.slack.dev, chat.postMessage, chat.update, conversations.history, with what a
 * person does about them.
 */
const remedies: Readonly<Record<string, string>> = {
  account_inactive: newToken,
  channel_not_found:
    "correct the channel in promoter.yml, or invite the app into it if it is private",
  invalid_auth: newToken,
  invalid_blocks: ourFault,
  invalid_blocks_format: ourFault,
  is_archived: "unarchive the channel, or name another one in promoter.yml",
  missing_scope:
    "give the app chat:write, channels:history, channels:read, groups:history and groups:read, and install it again",
  msg_blocks_too_long: ourFault,
  msg_too_long: ourFault,
  not_authed: newToken,
  not_in_channel: "invite the app into the channel",
  restricted_action: "allow the app to post in the channel",
  token_expired: newToken,
  token_revoked: newToken,
};

/** `ok: false` of one method. */
export function translateError(method: string, code: string): PromoterError {
  const details = { method, code };
  const got = `asking Slack for ${method}: expected ok, got ${code}`;
  if (transient.has(code)) {
    return new PromoterError("MessengerUnavailable", `${got}; try again later`, { details });
  }
  return new PromoterError(
    "MessengerRefused",
    `${got}; ${remedies[code] ?? `look up ${code} at docs.slack.dev`}`,
    { details },
  );
}

/** Slack did not take the token: it did nothing, and another token may work. */
export function isTokenRefused(error: unknown): boolean {
  return isPromoterError(error) && remedies[String(error.details["code"])] === newToken;
}

/** An HTTP status other than 200. */
export function translateStatus(method: string, response: Response): PromoterError {
  const { status } = response;
  const got = `asking Slack for ${method}: expected HTTP 200, got ${status}`;
  // "Retry-After" holds seconds (docs.slack.dev, "Rate limits").
  const seconds = Number(response.headers.get("retry-after"));
  if (status === 429) {
    return new PromoterError(
      "MessengerUnavailable",
      `${got}; Slack asks for a pause of ${formatDuration(seconds * 1000)}`,
      { details: { method, status, retryAfter: seconds } },
    );
  }
  if (status >= 500) {
    return new PromoterError("MessengerUnavailable", `${got}; try again later`, {
      details: { method, status },
    });
  }
  return new PromoterError(
    "MessengerRefused",
    `${got}; check the configured address of the Web API`,
    { details: { method, status } },
  );
}

/**
 * No answer at all. Only names and codes go into the error: the fetch of Node quotes a header that
 * it cannot send, and the header holds the token.
 */
export function translateFailure(method: string, error: unknown): PromoterError {
  if (isPromoterError(error)) return error;
  const cause: unknown = error instanceof Error ? (error.cause ?? error) : error;
  const code = cause instanceof Error ? codeOf(cause) : "an unknown error";
  return new PromoterError(
    "MessengerUnavailable",
    `asking Slack for ${method}: expected a response, got ${code}; try again later`,
    { details: { method, code } },
  );
}

/** A code of Node's sockets; the exceptions of the web carry a number there. */
function codeOf(error: Error): string {
  return "code" in error && typeof error.code === "string" ? error.code : error.name;
}
