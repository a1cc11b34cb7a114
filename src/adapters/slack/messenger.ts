import * as z from "zod";
import type { MessageRef } from "../../domain/approval.ts";
import { isPromoterError } from "../../domain/errors.ts";
import type { Question } from "../../domain/message.ts";
import type { Messenger, SoughtQuestion } from "../../ports/messenger.ts";
import { answerClick } from "./answer-click.ts";
import { closedMessage } from "./closed-message.ts";
import { findQuestions } from "./find-question.ts";
import { escapeMarkup, plainText, truncate } from "./plain-text.ts";
import { approvalEvent, questionMessage } from "./question-message.ts";
import { slackWebApi, type WebApi, type WebApiOptions } from "./web-api.ts";

export interface SlackMessengerOptions extends Pick<WebApiOptions, "token"> {
  readonly fetch: typeof fetch;
  /** Default: `https://slack.com/api`. */
  readonly baseUrl?: string;
  /** Where answers to clicks may be sent; default: `https://hooks.slack.com/`. */
  readonly hooksUrl?: string;
  /** The factor by which Slack may take longer than usual to answer; default 1. */
  readonly patience?: number;
}

/**
 * A Slack workspace. Texts from outside are shown as they are: nothing in them becomes a mention, a
 * link or a button.
 */
export function slackMessenger(options: SlackMessengerOptions): Messenger {
  const {
    token,
    fetch: send,
    baseUrl = "https://slack.com/api",
    hooksUrl = "https://hooks.slack.com/",
    patience = 1,
  } = options;
  const api = slackWebApi({ token, fetch: send, baseUrl, patience });
  return {
    ask: (question) =>
      post(api, {
        channel: question.channel,
        ...questionMessage(question),
        metadata: metadataOf(question),
      }),
    find: (question) => findQuestions(api, queryFor(question)),
    async close(message, announcement) {
      await api
        .write(
          "chat.update",
          { channel: message.channel, ts: message.id, ...closedMessage(announcement) },
          accepted,
        )
        .catch(ignoreGone);
    },
    async reply(message, text) {
      const blocks = [{ type: "section", text: plainText(truncate(text, 3_000)) }];
      await post(api, {
        channel: message.channel,
        thread_ts: message.id,
        text: escapeMarkup(truncate(text, 300)),
        blocks,
      });
    },
    answerClick: (responseUrl, text) =>
      answerClick({ fetch: send, hooksUrl, patience }, responseUrl, text),
  };
}

const accepted = z.object({ ok: z.literal(true) });
const postedMessage = z
  .object({
    channel: z.string(),
    ts: z.string(),
    message: z.object({ app_id: z.string().optional(), team: z.string().optional() }).optional(),
  })
  .transform(({ channel, ts, message: { app_id: app, team } = {} }): MessageRef => ({
    channel,
    id: ts,
    ...(app === undefined ? {} : { app }),
    ...(team === undefined ? {} : { workspace: team }),
  }));

/** The channel comes back as id, which is what chat.update takes. */
function post(api: WebApi, message: object): Promise<MessageRef> {
  return api.write(
    "chat.postMessage",
    { ...message, unfurl_links: false, unfurl_media: false },
    postedMessage,
  );
}

/** Slack's clock is not ours. */
const skew = 60 * 1000;
/** The tries of one step are minutes apart; a day covers a step that was repeated by hand. */
const postedWithin = 24 * 60 * 60 * 1000;

function queryFor({
  channel,
  promotion,
  hash,
  askedAt,
}: SoughtQuestion): Parameters<typeof findQuestions>[1] {
  return {
    channel,
    promotion: promotion.id,
    hash,
    from: askedAt - skew,
    to: askedAt + postedWithin,
  };
}

function metadataOf({ promotion, hash }: Question): object {
  return { event_type: approvalEvent, event_payload: { promotion: promotion.id, hash } };
}

function ignoreGone(error: unknown): void {
  if (isPromoterError(error) && error.details["code"] === "message_not_found") return;
  throw error;
}
