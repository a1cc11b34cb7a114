import { escapeHtml } from "../escape-html.ts";
import { listAt, textAt } from "../json-value.ts";
import type { SlackChannel, SlackMessage } from "./message-store.ts";
import { pageScript, pageStyle } from "./page-assets.ts";
import { renderBlocks } from "./render-blocks.ts";
import { renderMrkdwn, userName } from "./render-text.ts";
import type { Workspace } from "./workspace.ts";

/** The whole page. `key` makes its clicks its own, `nonce` lets only its own script and style run. */
export function slackPage(
  workspace: Workspace,
  { key, nonce }: { readonly key: string; readonly nonce: string },
): string {
  const options = workspace.users
    .map((user) => `<option value="${escapeHtml(user.id)}">${escapeHtml(user.name)}</option>`)
    .join("");
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Local Slack</title>
<style nonce="${nonce}">${pageStyle}</style>
</head>
<body data-key="${key}" data-base="${escapeHtml(new URL(workspace.address()).pathname)}">
<header>
<h1>Local Slack</h1>
<label>You are <select id="user">${options}</select></label>
</header>
<p id="status" role="status" aria-live="polite"></p>
<main id="channels">${renderChannels(workspace, workspace.users[0]?.id ?? "")}</main>
<script type="module" nonce="${nonce}">${pageScript}</script>
</body>
</html>
`;
}

/** The channels as one person sees them. */
export function renderChannels(workspace: Workspace, viewer: string): string {
  return workspace.channels.map((channel) => renderChannel(workspace, channel, viewer)).join("\n");
}

function renderChannel(workspace: Workspace, channel: SlackChannel, viewer: string): string {
  const visible = workspace.messages
    .of(channel.id)
    .filter((it) => it.onlyFor === undefined || it.onlyFor === viewer);
  const tops = visible.filter(
    (it) => it.threadTs === undefined || !visible.some((other) => other.ts === it.threadTs),
  );
  const shown = tops.map((top) => {
    const answers = visible
      .filter((it) => it.threadTs === top.ts && it.ts !== top.ts)
      .map((it) => renderMessage(workspace, channel, it));
    return (
      renderMessage(workspace, channel, top) +
      (answers.length === 0
        ? ""
        : `<div class="thread" role="group" aria-label="Replies">${answers.join("\n")}</div>`)
    );
  });
  const content = shown.length === 0 ? '<p class="context">No messages yet.</p>' : shown.join("\n");
  const [id, name] = [escapeHtml(channel.id), escapeHtml(channel.name)];
  return `<section aria-labelledby="${id}"><h2 id="${id}">#${name}</h2>${content}</section>`;
}

function renderMessage(
  { users, botUserId }: Workspace,
  channel: SlackChannel,
  { ts, body, onlyFor }: SlackMessage,
): string {
  const author =
    textAt(body, "user") === botUserId ? "promoter" : userName(users, textAt(body, "user"));
  const blocks = listAt(body, "blocks");
  const content =
    blocks.length > 0
      ? renderBlocks(blocks, users)
      : `<p>${renderMrkdwn(textAt(body, "text"), users)}</p>`;
  const time = new Date(Number(ts) * 1000).toISOString();
  const edited = body["edited"] === undefined ? "" : " (edited)";
  const marks = onlyFor === undefined ? edited : `${edited} · only visible to you`;
  return `<article id="p${ts.replace(".", "")}" data-channel="${escapeHtml(channel.id)}" data-ts="${escapeHtml(ts)}">
<p class="context"><b>${escapeHtml(author)}</b> <time datetime="${time}">${time.slice(11, 16)}</time>${marks}</p>
${content}
<p class="fault" role="alert"></p>
</article>`;
}
