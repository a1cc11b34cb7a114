import { escapeHtml } from "../escape-html.ts";
import type { SlackUser } from "./message-store.ts";
import { renderLink, renderMrkdwn, renderPlain, userName } from "./render-text.ts";
import {
  isObject,
  listIn,
  objectIn,
  type SlackObject,
  type SlackValue,
  textIn,
} from "./slack-json.ts";

/** Blocks as HTML. Everything that comes from a message is escaped here or in render-text.ts. */
export function renderBlocks(blocks: readonly SlackValue[], users: readonly SlackUser[]): string {
  return blocks
    .map(
      (block) => renderers.get(textIn(block, "type"))?.(isObject(block) ? block : {}, users) ?? "",
    )
    .join("\n");
}

type Render = (block: SlackObject, users: readonly SlackUser[]) => string;

const renderers: ReadonlyMap<string, Render> = new Map(
  Object.entries<Render>({
    header: (block) => `<h3>${renderPlain(textIn(block["text"], "text"))}</h3>`,
    divider: () => "<hr>",
    section: renderSection,
    context: (block, users) =>
      `<p class="context">${listIn(block, "elements")
        .map((it) => renderText(it, users))
        .join(" ")}</p>`,
    actions: (block) =>
      `<div class="actions">${listIn(block, "elements").map(renderButton).join("")}</div>`,
    rich_text: (block, users) =>
      listIn(block, "elements")
        .map((it) => renderRich(it, users))
        .join(""),
  }),
);

function renderText(text: SlackValue | undefined, users: readonly SlackUser[]): string {
  const value = textIn(text, "text");
  return textIn(text, "type") === "mrkdwn" ? renderMrkdwn(value, users) : renderPlain(value);
}

function renderSection(block: SlackObject, users: readonly SlackUser[]): string {
  const text = block["text"] === undefined ? "" : `<p>${renderText(block["text"], users)}</p>`;
  const fields = listIn(block, "fields").map((it) => `<div>${renderText(it, users)}</div>`);
  const accessory =
    textIn(block["accessory"], "type") === "button"
      ? `<div class="actions">${renderButton(objectIn(block, "accessory"))}</div>`
      : "";
  return `${text}${fields.length > 0 ? `<div class="fields">${fields.join("")}</div>` : ""}${accessory}`;
}

function renderButton(button: SlackValue): string {
  if (textIn(button, "type") !== "button") return "";
  const label = renderPlain(textIn(objectIn(button, "text"), "text"));
  const style = ["primary", "danger"].find((it) => it === textIn(button, "style")) ?? "default";
  const confirm = objectIn(button, "confirm");
  const question = [
    textIn(objectIn(confirm, "title"), "text"),
    textIn(objectIn(confirm, "text"), "text"),
  ]
    .filter((it) => it !== "")
    .join("\n");
  const asks = question === "" ? "" : ` data-confirm="${escapeHtml(question)}"`;
  return `<button type="button" class="${style}" data-action="${escapeHtml(textIn(button, "action_id"))}"${asks}>${label}</button>`;
}

function renderRich(element: SlackValue, users: readonly SlackUser[]): string {
  const inner = listIn(element, "elements");
  const text = (): string => inner.map((it) => renderLeaf(it, users)).join("");
  switch (textIn(element, "type")) {
    case "rich_text_list": {
      const tag = textIn(element, "style") === "ordered" ? "ol" : "ul";
      return `<${tag}>${inner.map((it) => `<li>${renderRich(it, users)}</li>`).join("")}</${tag}>`;
    }
    case "rich_text_preformatted":
      return `<pre>${inner.map((it) => escapeHtml(textIn(it, "text"))).join("")}</pre>`;
    case "rich_text_quote":
      return `<blockquote>${text()}</blockquote>`;
    default:
      return `<p>${text()}</p>`;
  }
}

const styles = [
  ["code", "code"],
  ["bold", "strong"],
  ["italic", "em"],
  ["strike", "s"],
] as const;

function renderLeaf(leaf: SlackValue, users: readonly SlackUser[]): string {
  const style = objectIn(leaf, "style");
  return styles
    .filter(([name]) => style[name] === true)
    .reduce((html, [, tag]) => `<${tag}>${html}</${tag}>`, leafText(leaf, users));
}

function leafText(leaf: SlackValue, users: readonly SlackUser[]): string {
  switch (textIn(leaf, "type")) {
    case "link":
      return renderLink(textIn(leaf, "url"), textIn(leaf, "text") || textIn(leaf, "url"));
    case "user":
      return `<span class="mention">@${escapeHtml(userName(users, textIn(leaf, "user_id")))}</span>`;
    case "emoji":
      return renderPlain(`:${textIn(leaf, "name")}:`);
    case "date":
      return escapeHtml(textIn(leaf, "fallback"));
    default:
      return escapeHtml(textIn(leaf, "text")).replaceAll("\n", "<br>");
  }
}
