import { isObject, type JsonObject, type Json, textAt } from "../json-value.ts";
import { unsupported } from "../unsupported.ts";
import { blockFaults } from "./block-faults.ts";
import { type SlackChannel, withIds } from "./message-store.ts";
import { argument, flag, structured } from "./method-arguments.ts";
import { done, failed, type Method, type MethodResult } from "./method.ts";
import type { Workspace } from "./workspace.ts";

/** https://docs.slack.dev/reference/methods/chat.postMessage */
export const postMessage: Method = (workspace, args) => {
  const channel = channelOf(workspace, argument(args, "channel"));
  if (!channel) return failed("channel_not_found");
  if (channel.isForeign) return failed("not_in_channel");
  const content = contentOf(args);
  if (content.kind === "error") return content;
  if (content.text === undefined && content.blocks === undefined) return failed("no_text");
  const threadTs = argument(args, "thread_ts") || undefined;
  if (flag(args, "reply_broadcast")) {
    return failed("invalid_arguments", [unsupported("reply_broadcast")]);
  }
  const body = { ...authorOf(workspace), ...bodyOf(content) };
  const message = workspace.messages.add({ channel: channel.id, body, threadTs });
  return done({ channel: channel.id, ts: message.ts, message: message.body });
};

/** A channel is addressed by its id; posting takes its name as well. */
function channelOf({ channels }: Workspace, address: string): SlackChannel | undefined {
  return channels.find((it) => it.id === address || it.name === address.replace(/^#/, ""));
}

function authorOf({ botUserId, botId, appId, teamId }: Workspace): JsonObject {
  return { user: botUserId, bot_id: botId, app_id: appId, team: teamId };
}

interface Content {
  readonly kind: "content";
  readonly text: string | undefined;
  readonly blocks: readonly Json[] | undefined;
  readonly metadata: JsonObject | undefined;
}

const maxText = 40_000;

function contentOf(args: JsonObject): Content | Extract<MethodResult, { kind: "error" }> {
  const blocks = structured(args["blocks"]);
  if (blocks !== undefined && !Array.isArray(blocks)) {
    return { kind: "error", error: "invalid_blocks_format" };
  }
  const list: readonly Json[] | undefined = blocks;
  const errors = blockFaults(list ?? []);
  if (errors.length > 0) return { kind: "error", error: "invalid_blocks", errors };
  if (textOf(list) > maxBlocks) return { kind: "error", error: "msg_blocks_too_long" };
  const metadata = structured(args["metadata"]);
  if (metadata !== undefined && !isObject(metadata)) {
    return { kind: "error", error: "invalid_metadata_format" };
  }
  if (metadata && !isMetadata(metadata)) return { kind: "error", error: "invalid_metadata_schema" };
  const text = argument(args, "text").slice(0, maxText);
  return {
    kind: "content",
    text: text === "" ? undefined : text,
    blocks: list ? withIds(list) : undefined,
    metadata,
  };
}

/**
 * All text of all blocks; the limit is not in the reference,
 * https://github.com/slackapi/bolt-js/issues/2509 measured it.
 */
const maxBlocks = 13_200;

function textOf(value: Json | undefined): number {
  if (Array.isArray(value)) return value.reduce<number>((total, it) => total + textOf(it), 0);
  if (!isObject(value)) return 0;
  const own = typeof value["text"] === "string" ? value["text"].length : 0;
  return Object.values(value).reduce<number>((total, it) => total + textOf(it), own);
}

/** An empty object removes what was there. */
function isMetadata(metadata: JsonObject): boolean {
  return (
    Object.keys(metadata).length === 0 ||
    (textAt(metadata, "event_type") !== "" && isObject(metadata["event_payload"]))
  );
}

function bodyOf({ text, blocks, metadata }: Content): JsonObject {
  return {
    text: text ?? "",
    ...(blocks ? { blocks } : {}),
    ...(metadata && textAt(metadata, "event_type") !== "" ? { metadata } : {}),
  };
}

const maxUpdate = 4000;

/**
 * https://docs.slack.dev/reference/methods/chat.update: text without blocks takes the blocks away,
 * neither keeps them.
 */
export const updateMessage: Method = (workspace, args) => {
  const found = ownMessage(workspace, args);
  if (found.kind === "error") return found;
  if (argument(args, "text").length > maxUpdate) return failed("msg_too_long");
  const content = contentOf(args);
  if (content.kind === "error") return content;
  const { channel, ts, body } = found;
  const edited = { user: workspace.botUserId, ts: `${Math.floor(workspace.now() / 1000)}.000000` };
  const updated = workspace.messages.replace(channel, ts, { ...edit(body, content), edited });
  return done({ channel, ts, text: textAt(updated.body, "text"), message: updated.body });
};

function edit(body: JsonObject, content: Content): JsonObject {
  const { blocks, metadata, ...rest } = body;
  const { text: _text, metadata: _metadata, ...shown } = bodyOf(content);
  const isKept = content.text === undefined && content.blocks === undefined;
  const next = isKept
    ? { text: body["text"], blocks }
    : { text: content.text ?? body["text"], ...shown };
  const told = content.metadata === undefined ? metadata : content.metadata;
  const withMetadata =
    isObject(told) && textAt(told, "event_type") !== "" ? { metadata: told } : {};
  return Object.fromEntries(
    Object.entries({ ...rest, ...next, ...withMetadata }).filter(
      ([, value]) => value !== undefined,
    ),
  );
}

export const deleteMessage: Method = (workspace, args) => {
  const found = ownMessage(workspace, args);
  if (found.kind === "error") {
    return found.error === "cant_update_message" ? failed("cant_delete_message") : found;
  }
  workspace.messages.remove(found.channel, found.ts);
  return done({ channel: found.channel, ts: found.ts });
};

type OwnMessage =
  | {
      readonly kind: "own";
      readonly channel: string;
      readonly ts: string;
      readonly body: JsonObject;
    }
  | Extract<MethodResult, { kind: "error" }>;

function ownMessage({ messages, channels, botUserId }: Workspace, args: JsonObject): OwnMessage {
  const channel = argument(args, "channel");
  const ts = argument(args, "ts");
  if (!channels.some((it) => it.id === channel)) {
    return { kind: "error", error: "channel_not_found" };
  }
  const message = messages.find(channel, ts);
  if (!message || message.onlyFor !== undefined) {
    return { kind: "error", error: "message_not_found" };
  }
  if (textAt(message.body, "user") !== botUserId) {
    return { kind: "error", error: "cant_update_message" };
  }
  return { kind: "own", channel, ts, body: message.body };
}
