import { escapeMarkup, truncate } from "./plain-text.ts";

export interface AnswerClickOptions {
  readonly fetch: typeof fetch;
  readonly hooksUrl: string;
  /** The factor by which an answer may take longer than usual. */
  readonly patience: number;
}

/** Milliseconds. */
const timeout = 3_000;

/**
 * Posts to where Slack said; any other address in a click is not Slack's and is left alone. Best
 * effort: the person who clicked sees the message too.
 */
export async function answerClick(
  { fetch: send, hooksUrl, patience }: AnswerClickOptions,
  responseUrl: string,
  text: string,
): Promise<void> {
  if (!isBelow(hooksUrl, responseUrl)) return;
  const body = JSON.stringify({
    response_type: "ephemeral",
    replace_original: false,
    text: restoreMentions(escapeMarkup(truncate(text, 2_000))),
  });
  const headers = { "content-type": "application/json; charset=utf-8" };
  const request = {
    method: "POST",
    headers,
    body,
    redirect: "error",
    signal: AbortSignal.timeout(timeout * patience),
  } as const;
  await send(responseUrl, request)
    .then(
      (response) => response.body?.cancel(),
      () => undefined,
    )
    .catch(() => undefined);
}

/**
 * `<@U012AB3CD>` stays a mention: the reply names the person who was faster. Nothing else in the
 * text is markup.
 */
function restoreMentions(text: string): string {
  return text.replaceAll(/&lt;(@[UW][A-Z0-9]{2,20})&gt;/g, "<$1>");
}

/**
 * Compared as parsed addresses: `https://hooks.slack.com.example.org/` and
 * `https://hooks.slack.com@example.org/` are others.
 */
function isBelow(base: string, address: string): boolean {
  const url = URL.parse(address);
  const root = URL.parse(base.endsWith("/") ? base : `${base}/`);
  if (!url || !root || url.username !== "" || url.password !== "") return false;
  return url.origin === root.origin && url.pathname.startsWith(root.pathname);
}
