import { randomBytes } from "node:crypto";
import { abortAfter } from "../abort-after.ts";
import type { Clock } from "../clock.ts";
import { isObject, listAt, type JsonObject, textAt } from "../json-value.ts";
import type { SlackMessage } from "./message-store.ts";
import type { ResponseUrls } from "./response-url.ts";
import { slackSignature } from "./sign-request.ts";
import type { Workspace } from "./workspace.ts";

export interface Click {
  readonly user: string;
  readonly channel: string;
  readonly ts: string;
  readonly actionId: string;
}

export type ClickOutcome =
  | { readonly kind: "delivered" }
  /** What a person sees beside the button. */
  | { readonly kind: "failed"; readonly message: string };

export interface Clicker {
  readonly workspace: Workspace;
  readonly responseUrls: ResponseUrls;
  readonly signingSecret: string;
  /** Milliseconds that the app has to answer 200. */
  readonly respondWithin: number;
  readonly interactivityUrl: () => string;
  readonly clock: Clock;
}

/**
 * A person presses a button: the app gets the signed form that Slack sends, and has to answer 200
 * in time.
 */
export async function clickButton(clicker: Clicker, click: Click): Promise<ClickOutcome> {
  const { workspace } = clicker;
  const user = workspace.users.find((it) => it.id === click.user);
  if (!user) return failure(`there is no user ${click.user}`);
  const message = workspace.messages.find(click.channel, click.ts);
  const pressed = message && findButton(message, click.actionId);
  if (!message || !pressed) return failure(`this message has no button ${click.actionId}`);
  const responseUrl = clicker.responseUrls.issue(click);
  return send(
    clicker,
    payloadOf(workspace, { click, userName: user.name, message, pressed, responseUrl }),
  );
}

const failure = (message: string): ClickOutcome => ({ kind: "failed", message });

interface MessageButton {
  readonly blockId: string;
  readonly button: JsonObject;
}

function findButton({ body }: SlackMessage, actionId: string): MessageButton | undefined {
  for (const block of listAt(body, "blocks")) {
    const accessory = isObject(block) && isObject(block["accessory"]) ? [block["accessory"]] : [];
    const found = [...listAt(block, "elements"), ...accessory].find(
      (it) => textAt(it, "action_id") === actionId && textAt(it, "type") === "button",
    );
    if (isObject(found)) return { blockId: textAt(block, "block_id"), button: found };
  }
  return undefined;
}

interface Interaction {
  readonly click: Click;
  readonly userName: string;
  readonly message: SlackMessage;
  readonly pressed: MessageButton;
  readonly responseUrl: string;
}

/** https://docs.slack.dev/reference/interaction-payloads/block_actions-payload */
function payloadOf(
  workspace: Workspace,
  { click, userName, message, pressed, responseUrl }: Interaction,
): JsonObject {
  const { appId, teamId, channels } = workspace;
  const { confirm: _confirm, url: _url, ...button } = pressed.button;
  const isEphemeral = message.onlyFor !== undefined;
  return {
    type: "block_actions",
    user: { id: click.user, username: userName, name: userName, team_id: teamId },
    api_app_id: appId,
    token: "deprecated",
    container: {
      type: "message",
      message_ts: click.ts,
      channel_id: click.channel,
      is_ephemeral: isEphemeral,
    },
    trigger_id: `${Math.floor(workspace.now() / 1000)}.1.${randomBytes(16).toString("hex")}`,
    team: { id: teamId, domain: "local" },
    enterprise: null,
    is_enterprise_install: false,
    channel: {
      id: click.channel,
      name: channels.find((it) => it.id === click.channel)?.name ?? "",
    },
    ...(isEphemeral ? {} : { message: message.body }),
    state: { values: {} },
    response_url: responseUrl,
    actions: [
      {
        ...button,
        type: "button",
        block_id: pressed.blockId,
        action_ts: (workspace.now() / 1000).toFixed(6),
      },
    ],
  };
}

async function send(clicker: Clicker, payload: JsonObject): Promise<ClickOutcome> {
  const body = String(new URLSearchParams({ payload: JSON.stringify(payload) }));
  const timestamp = String(Math.floor(clicker.workspace.now() / 1000));
  const headers = {
    "content-type": "application/x-www-form-urlencoded",
    "user-agent": "Slackbot 1.0 (+https://api.slack.com/robots)",
    "x-slack-request-timestamp": timestamp,
    "x-slack-signature": slackSignature(clicker.signingSecret, timestamp, body),
  };
  const late = abortAfter(clicker.clock, clicker.respondWithin);
  try {
    const response = await fetch(clicker.interactivityUrl(), {
      method: "POST",
      headers,
      body,
      signal: late.signal,
      redirect: "manual",
    });
    await response.arrayBuffer();
    return response.status === 200
      ? { kind: "delivered" }
      : failure(`This app responded with status code ${response.status}.`);
  } catch (error) {
    const isLate = error instanceof Error && error.name === "TimeoutError";
    return failure(
      isLate
        ? `This app did not respond within ${clicker.respondWithin} ms.`
        : "This app could not be reached.",
    );
  } finally {
    late.cancel();
  }
}
