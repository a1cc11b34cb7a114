/**
 * Text from outside as one line of at most `longest` characters: no line breaks that could pass for
 * lines of ours, no control characters, and none that turn the direction of what follows (Unicode
 * standard annex 9). Never empty, because Slack refuses empty elements.
 */
export function oneLine(text: string, maxLength: number): string {
  const line = text
    .replace(/[\p{Cc}\p{Zl}\p{Zp}\s]+/gu, " ")
    .replace(/[\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu, "")
    .trim();
  return truncate(line === "" ? "–" : line, maxLength).toWellFormed();
}

/** Never splits a pair of surrogates. */
export function truncate(text: string, maxLength: number): string {
  if (text.length <= maxLength) return text;
  const kept = text.slice(0, maxLength - 1);
  return `${/[\ud800-\udbff]$/u.test(kept) ? kept.slice(0, -1) : kept}…`;
}

/**
 * For the few places that Slack reads as markup, such as the text of a notification ("Formatting
 * text for app surfaces"). After truncating.
 */
export function escapeMarkup(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}

export interface PlainText {
  readonly type: "plain_text";
  readonly text: string;
  /** `:name:` stays what it is. */
  readonly emoji: false;
}

export function plainText(text: string): PlainText {
  return { type: "plain_text", text, emoji: false };
}
