import type { LocalCloud } from "../../local/cloud.ts";

/** Messages that still have buttons, oldest first. */
export function liveQuestions({ slack }: LocalCloud): readonly { readonly channel: string; readonly ts: string }[] {
  const channel = "C00000001";
  return slack.messages(channel).filter((message) => JSON.stringify(message).includes('"promoter_approve"')).map((message) => ({ channel, ts: String(message["ts"]) }));
}
