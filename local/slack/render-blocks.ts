import { escapeHtml } from "../escape-html.ts";
import { isObject, listAt, objectAt, type JsonObject, type Json, textAt } from "../json-value.ts";
import type { SlackUser } from "./message-store.ts";
import { renderMrkdwn, renderPlain, userName } from "./render-text.ts";

/** Blocks as HTML. Everything that comes from a message is escaped here or in render-text.ts. */
export function renderBlocks(blocks: readonly Json[], users: readonly SlackUser[]): string {
  return blocks
    .map(
      (block) => renderers.get(textAt(block, "type"))?.(isObject(block) ? block : {}, users) ?? "",
    )
    .join("\n");
}

type Render = (block: JsonObject, users: readonly SlackUser[]) => string;

const renderers: ReadonlyMap<string, Render> = new Map(
  Object.entries<Render>({
    header: (block) => `<h3>${renderPlain(textAt(block["text"], "text"))}</h3>`,
    section: renderSection,
    context: (block, users) =>
      `<p class="context">${listAt(block, "elements")
        .map((it) => renderText(it, users))
        .join(" ")}</p>`,
    actions: (block) =>
      `<div class="actions">${listAt(block, "elements").map(renderButton).join("")}</div>`,
    rich_text: (block, users) =>
      listAt(block, "elements")
        .map((it) => renderRich(it, users))
        .join(""),
  }),
);

function renderText(text: Json | undefined, users: readonly SlackUser[]): string {
  const value = textAt(text, "text");
  return textAt(text, "type") === "mrkdwn" ? renderMrkdwn(value, users) : renderPlain(value);
}

function renderSection(block: JsonObject, users: readonly SlackUser[]): string {
  const text = block["text"] === undefined ? "" : `<p>${renderText(block["text"], users)}</p>`;
  const fields = listAt(block, "fields").map((it) => `<div>${renderText(it, users)}</div>`);
  const accessory =
    textAt(block["accessory"], "type") === "button"
      ? `<div class="actions">${renderButton(objectAt(block, "accessory"))}</div>`
      : "";
  return `${text}${fields.length > 0 ? `<div class="fields">${fields.join("")}</div>` : ""}${accessory}`;
}

function renderButton(button: Json): string {
  if (textAt(button, "type") !== "button") return "";
  const label = renderPlain(textAt(objectAt(button, "text"), "text"));
  const style = ["primary", "danger"].find((it) => it === textAt(button, "style")) ?? "default";
  const confirm = objectAt(button, "confirm");
  const question = [
    textAt(objectAt(confirm, "title"), "text"),
    textAt(objectAt(confirm, "text"), "text"),
  ]
    .filter((it) => it !== "")
    .join("\n");
  const asks = question === "" ? "" : ` data-confirm="${escapeHtml(question)}"`;
  const action = escapeHtml(textAt(button, "action_id"));
  return `<button type="button" class="${style}" data-action="${action}"${asks}>${label}</button>`;
}

function renderRich(element: Json, users: readonly SlackUser[]): string {
  const inner = listAt(element, "elements");
  return textAt(element, "type") === "rich_text_preformatted"
    ? `<pre>${inner.map((it) => escapeHtml(textAt(it, "text"))).join("")}</pre>`
    : `<p>${inner.map((it) => renderLeaf(it, users)).join("")}</p>`;
}

function renderLeaf(leaf: Json, users: readonly SlackUser[]): string {
  const html = leafText(leaf, users);
  return objectAt(leaf, "style")["bold"] === true ? `<strong>${html}</strong>` : html;
}

function leafText(leaf: Json, users: readonly SlackUser[]): string {
  switch (textAt(leaf, "type")) {
    case "user":
      return `<span class="mention">@${escapeHtml(userName(users, textAt(leaf, "user_id")))}</span>`;
    case "date":
      return escapeHtml(textAt(leaf, "fallback"));
    default:
      return escapeHtml(textAt(leaf, "text")).replaceAll("\n", "<br>");
  }
}
