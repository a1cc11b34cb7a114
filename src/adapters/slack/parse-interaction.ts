import * as z from "zod";
import { parseJson } from "../../domain/parse-json.ts";
import { isPromotionId } from "../../domain/promotion-id.ts";
import { actions } from "./question-message.ts";

/** One click on a button of ours. */
export interface SlackClick {
  readonly kind: "click";
  /** User id: names can be changed by their owners. */
  readonly user: string;
  readonly actionId: string;
  readonly choice: "approve" | "reject";
  readonly promotion: string;
  readonly hash: string;
  readonly responseUrl: string | undefined;
  readonly channel: string | undefined;
  readonly ts: string | undefined;
  readonly appId: string;
  /** undefined: the app is installed for a whole organisation. */
  readonly teamId: string | undefined;
}

export interface RejectedInteraction {
  readonly kind: "refusal";
  readonly reason: string;
}

/** Ids of Slack are a dozen characters. */
const name = z.string().min(1).max(100);

/** Source: docs.slack.dev, "block_actions payload". */
const interaction = z.object({
  type: z.literal("block_actions"),
  user: z.object({ id: name }),
  team: z.object({ id: name }).nullish(),
  api_app_id: name,
  container: z.object({ message_ts: name.optional(), channel_id: name.optional() }).optional(),
  response_url: z.string().max(2_000).optional(),
  actions: z.tuple([z.object({ action_id: name, value: z.string().max(2_000) })]),
});

const value = z.strictObject({
  promotion: z.string().refine(isPromotionId),
  hash: z.string().regex(/^[0-9a-f]{64}$/),
});

/** The form that Slack sends: one field `payload` with JSON in it. Check the signature first. */
export function parseInteraction(body: Uint8Array): SlackClick | RejectedInteraction {
  const payload = new URLSearchParams(new TextDecoder().decode(body)).get("payload");
  if (payload === null) return refusal("the form has no field `payload`");
  const read = interaction.safeParse(parseJson(payload));
  if (!read.success) {
    return refusal(`the payload is not a click on one button: ${z.prettifyError(read.error)}`);
  }
  const {
    actions: [action],
    user,
    team,
    container,
    ...rest
  } = read.data;
  const choice = choices.get(action.action_id);
  const about = value.safeParse(parseJson(action.value));
  if (!choice) {
    return refusal(
      `the button ${JSON.stringify(action.action_id.slice(0, 60))} is not one of ours`,
    );
  }
  if (!about.success) return refusal("the value of the button lacks promotion and hash");
  return {
    kind: "click",
    choice,
    actionId: action.action_id,
    user: user.id,
    ...about.data,
    appId: rest.api_app_id,
    teamId: team?.id,
    responseUrl: rest.response_url,
    channel: container?.channel_id,
    ts: container?.message_ts,
  };
}

const choices: ReadonlyMap<string, SlackClick["choice"]> = new Map([
  [actions.approve, "approve"],
  [actions.reject, "reject"],
]);

function refusal(reason: string): RejectedInteraction {
  return { kind: "refusal", reason };
}
