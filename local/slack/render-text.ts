import { escapeHtml } from "../escape-html.ts";
import type { SlackUser } from "./message-store.ts";

const emoji: Readonly<Record<string, string>> = {
  white_check_mark: "✅",
  x: "❌",
  warning: "⚠️",
  rocket: "🚀",
  hourglass: "⌛",
  hourglass_flowing_sand: "⏳",
  no_entry: "⛔",
  rotating_light: "🚨",
  leftwards_arrow_with_hook: "↩️",
  package: "📦",
  lock: "🔒",
  tada: "🎉",
  eyes: "👀",
  bell: "🔔",
  memo: "📝",
};

/** Plain text: nothing in it is markup but the names of emoji. */
export function renderPlain(text: string): string {
  return escapeHtml(text)
    .replaceAll(/:([a-z0-9_+-]+):/g, (whole, name: string) =>
      Object.hasOwn(emoji, name) ? (emoji[name] ?? whole) : whole,
    )
    .replaceAll("\n", "<br>");
}

/**
 * mrkdwn: https://docs.slack.dev/messaging/formatting-message-text. Only three characters are
 * escaped by the sender.
 */
export function renderMrkdwn(text: string, users: readonly SlackUser[]): string {
  return text
    .split(/(<[^<>\n]+>)/)
    .map((part, index) =>
      index % 2 === 1 ? renderReference(part.slice(1, -1), users) : renderStyled(part),
    )
    .join("");
}

function renderStyled(text: string): string {
  const plain = text.replaceAll("&lt;", "<").replaceAll("&gt;", ">").replaceAll("&amp;", "&");
  return plain
    .split(/(```[^]*?```|`[^`\n]+`)/)
    .map((part, index) => (index % 2 === 1 ? renderCode(part) : renderInline(part)))
    .join("");
}

function renderCode(part: string): string {
  return part.startsWith("```")
    ? `<pre>${escapeHtml(part.slice(3, -3))}</pre>`
    : `<code>${escapeHtml(part.slice(1, -1))}</code>`;
}

/** Marks count only at the edges of words: `a*b*c` is no bold. */
const marks = [
  ["\\*", "strong"],
  ["_", "em"],
  ["~", "s"],
] as const;

function renderInline(text: string): string {
  return marks.reduce(
    (html, [mark, tag]) =>
      html.replaceAll(
        new RegExp(
          `(^|[\\s(>])${mark}([^\\s${mark}](?:[^${mark}\\n]*[^\\s${mark}])?)${mark}(?=$|[\\s).,:;!?<])`,
          "g",
        ),
        `$1<${tag}>$2</${tag}>`,
      ),
    renderPlain(text),
  );
}

function renderReference(reference: string, users: readonly SlackUser[]): string {
  const [target = "", label] = reference.split("|");
  if (target.startsWith("@")) {
    return `<span class="mention">@${escapeHtml(label ?? userName(users, target.slice(1)))}</span>`;
  }
  if (target.startsWith("#")) {
    return `<span class="mention">#${escapeHtml(label ?? target.slice(1))}</span>`;
  }
  if (target.startsWith("!date")) return escapeHtml(label ?? target);
  if (target.startsWith("!")) {
    return `<span class="mention">@${escapeHtml(label ?? target.slice(1))}</span>`;
  }
  return renderLink(target, label ?? target);
}

export function userName(users: readonly SlackUser[], id: string): string {
  return users.find((user) => user.id === id)?.name ?? id;
}

/** Other schemes, such as javascript:, are shown and never linked. */
function renderLink(target: string, label: string): string {
  if (!/^(https?:\/\/|mailto:)/i.test(target)) return escapeHtml(label);
  return `<a href="${escapeHtml(target)}" rel="noreferrer noopener" target="_blank">${escapeHtml(label)}</a>`;
}
