import type { LocalCloud } from "@promoter/local-cloud";

/** Messages that still have buttons, oldest first. */
export function liveQuestions({
  slack,
}: LocalCloud): readonly { readonly channel: string; readonly ts: string }[] {
  const channel = "C00000001";
  return slack.messages(channel).flatMap((message) => {
    const ts = message["ts"];
    return typeof ts === "string" && JSON.stringify(message).includes('"promoter_approve"')
      ? [{ channel, ts }]
      : [];
  });
}
