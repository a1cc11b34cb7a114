import type { JsonObject } from "../json-value.ts";
import type { SlackMessage } from "./message-store.ts";
import { argument, flag } from "./method-arguments.ts";
import { done, failed, type Method, type MethodResult } from "./method.ts";
import type { Workspace } from "./workspace.ts";

/**
 * https://docs.slack.dev/reference/methods/conversations.history: the newest first, without replies
 * in threads.
 */
export const history: Method = (workspace, args) => {
  const refusal = unreadable(workspace, args);
  if (refusal) return refusal;
  const all = workspace.messages.of(argument(args, "channel"));
  const shown = all.filter(
    (it) => it.onlyFor === undefined && (it.threadTs === undefined || it.threadTs === it.ts),
  );
  return page(shown.filter((it) => isWithin(it, args)).toReversed(), args, all);
};

export const listChannels: Method = ({ channels }) =>
  done({
    channels: channels.map(({ id, name, isForeign }) => ({
      id,
      name,
      is_channel: true,
      is_private: false,
      is_archived: false,
      is_member: !isForeign,
    })),
    response_metadata: { next_cursor: "" },
  });

function unreadable({ channels }: Workspace, args: JsonObject): MethodResult | undefined {
  const channel = channels.find((it) => it.id === argument(args, "channel"));
  if (!channel) return failed("channel_not_found");
  return channel.isForeign ? failed("not_in_channel") : undefined;
}

/** Strictly between, unless `inclusive`. */
function isWithin({ ts }: SlackMessage, args: JsonObject): boolean {
  const at = Number(ts);
  const oldest = Number(argument(args, "oldest") || 0);
  const latest = Number(argument(args, "latest") || Number.POSITIVE_INFINITY);
  return flag(args, "inclusive") ? at >= oldest && at <= latest : at > oldest && at < latest;
}

const maxPerPage = 999;

function page(
  found: readonly SlackMessage[],
  args: JsonObject,
  all: readonly SlackMessage[],
): MethodResult {
  const start = cursorStart(argument(args, "cursor"));
  if (start === undefined) return failed("invalid_cursor");
  const limit = Math.min(Number(argument(args, "limit") || 100), maxPerPage);
  if (!Number.isInteger(limit) || limit < 1) return failed("invalid_limit");
  const messages = found.slice(start, start + limit).map((it) => shownMessage(it, args, all));
  const hasMore = start + limit < found.length;
  const cursor = hasMore
    ? {
        response_metadata: { next_cursor: Buffer.from(`next:${start + limit}`).toString("base64") },
      }
    : {};
  return done({ messages, has_more: hasMore, ...cursor });
}

function cursorStart(cursor: string): number | undefined {
  if (cursor === "") return 0;
  const start = /^next:(\d+)$/.exec(Buffer.from(cursor, "base64").toString("utf8"))?.[1];
  return start === undefined ? undefined : Number(start);
}

function shownMessage(
  { ts, body }: SlackMessage,
  args: JsonObject,
  all: readonly SlackMessage[],
): JsonObject {
  const { metadata, ...plain } = body;
  const answers = all.filter(
    (it) => it.threadTs === ts && it.ts !== ts && it.onlyFor === undefined,
  );
  const thread =
    answers.length === 0
      ? {}
      : { thread_ts: ts, reply_count: answers.length, latest_reply: answers.at(-1)?.ts };
  return {
    ...plain,
    ...thread,
    ...(metadata !== undefined && flag(args, "include_all_metadata") ? { metadata } : {}),
  };
}
