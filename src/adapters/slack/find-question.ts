import * as z from "zod";
import type { MessageRef } from "../../domain/approval.ts";
import { approvalEvent } from "./question-message.ts";
import { translateError } from "./translate-error.ts";
import type { WebApi } from "./web-api.ts";

export interface QuestionQuery {
  /** Name with `#`, or id. */
  readonly channel: string;
  readonly promotion: string;
  readonly hash: string;
  /** Epoch milliseconds: messages before and after are ignored. */
  readonly from: number;
  readonly to: number;
}

const cursor = z.object({ next_cursor: z.string().optional() }).optional();
const history = z.object({
  messages: z.array(
    z.object({
      ts: z.string(),
      metadata: z
        .object({ event_type: z.string(), event_payload: z.record(z.string(), z.unknown()) })
        .optional(),
    }),
  ),
  response_metadata: cursor,
});
const channels = z.object({
  channels: z.array(z.object({ id: z.string(), name: z.string() })),
  response_metadata: cursor,
});

/**
 * chat.postMessage knows no idempotency key, so our message carries what it is about, and a
 * repeated try looks for that first. All of them, oldest first: each try may have posted one.
 */
export async function findQuestions(
  api: WebApi,
  { channel: name, promotion, hash, from, to }: QuestionQuery,
): Promise<readonly MessageRef[]> {
  const channel = await channelId(api, name);
  const query = {
    channel,
    include_all_metadata: "true",
    limit: "200",
    oldest: slackTime(from),
    latest: slackTime(to),
  };
  const found: MessageRef[] = [];
  await searchPages(async (position) => {
    const page = await api.read("conversations.history", { ...query, ...position }, history);
    found.push(
      ...page.messages
        .filter(({ metadata }) => isAbout(metadata, { promotion, hash }))
        .map(({ ts }) => ({ channel, id: ts })),
    );
    return { found: undefined, next: page.response_metadata?.next_cursor };
  });
  return found.toReversed();
}

/** Seconds with six decimals. */
function slackTime(at: number): string {
  return (at / 1000).toFixed(6);
}

function isAbout(
  metadata: z.output<typeof history>["messages"][number]["metadata"],
  { promotion, hash }: Pick<QuestionQuery, "promotion" | "hash">,
): boolean {
  const { event_type: type, event_payload: payload = {} } = metadata ?? {};
  return type === approvalEvent && payload["promotion"] === promotion && payload["hash"] === hash;
}

/**
 * A message is posted under the name of a channel, but history is given for its id only
 * (docs.slack.dev, conversations.history).
 */
async function channelId(api: WebApi, name: string): Promise<string> {
  if (!name.startsWith("#")) return name;
  const query = {
    types: "public_channel,private_channel",
    exclude_archived: "true",
    limit: "1000",
  };
  const id = await searchPages(async (position) => {
    const page = await api.read("conversations.list", { ...query, ...position }, channels);
    return {
      found: page.channels.find((channel) => `#${channel.name}` === name)?.id,
      next: page.response_metadata?.next_cursor,
    };
  });
  if (id === undefined) throw translateError("conversations.list", "channel_not_found");
  return id;
}

const maxPages = 10;

/** Slack marks the last page by an empty cursor or none (docs.slack.dev, "Pagination"). */
async function searchPages<Item>(
  read: (position: {
    readonly cursor?: string;
  }) => Promise<{ readonly found: Item | undefined; readonly next: string | undefined }>,
): Promise<Item | undefined> {
  let position: { readonly cursor?: string } = {};
  for (let page = 0; page < maxPages; page += 1) {
    const { found, next } = await read(position);
    if (found !== undefined || !next) return found;
    position = { cursor: next };
  }
  return undefined;
}
