import { virtualClock } from "@promoter/local-cloud/clock";
import { startGateway } from "@promoter/local-cloud/internal/gateway.ts";
import { textAt, type JsonObject } from "@promoter/local-cloud/internal/json-value.ts";
import { createSlack } from "@promoter/local-cloud/internal/slack/create-slack.ts";
import { slackMessenger } from "../../src/adapters/slack/messenger.ts";
import { fakeMessenger } from "../fakes/messenger.ts";
import { messengerContract, type MessengerWorld, type SeenMessage } from "./messenger.contract.ts";

messengerContract("the fake", async () => {
  const messenger = fakeMessenger();
  return {
    messenger,
    seen: async () =>
      messenger
        .messages()
        .map(({ ref, closed, replies }) => ({ ref, open: closed === undefined, replies })),
    remove: async (ref) => messenger.remove(ref),
    now: () => 0,
    close: async () => undefined,
  };
});

messengerContract("Slack", localSlack);

const channel = "C0RELEASES";
const botToken = "xoxb-local";

async function localSlack(): Promise<MessengerWorld> {
  const clock = virtualClock();
  const slack = createSlack(
    {
      account: "111122223333",
      region: "eu-west-1",
      clock,
      origin: () => gateway.origin,
      emit: () => undefined,
      track: (work) => work,
    },
    {
      botToken,
      signingSecret: "secret",
      interactivityUrl: () => gateway.origin,
      users: [{ id: "U012AB3CE", name: "ada" }],
      channels: [
        { id: "C0GENERAL", name: "general" },
        { id: channel, name: "releases" },
      ],
    },
  );
  const gateway = await startGateway({ services: () => [slack] });
  const baseUrl = `${gateway.origin}/_slack/api`;
  return {
    messenger: slackMessenger({
      token: async () => botToken,
      fetch,
      baseUrl,
      hooksUrl: `${gateway.origin}/_slack/actions/`,
    }),
    seen: async () => seenIn(slack.messages(channel)),
    async remove({ id: ts }) {
      const headers = { authorization: `Bearer ${botToken}`, "content-type": "application/json" };
      await fetch(`${baseUrl}/chat.delete`, {
        method: "POST",
        headers,
        body: JSON.stringify({ channel, ts }),
      });
    },
    now: () => clock.now(),
    async close() {
      await gateway.close();
      await slack.close();
    },
  };
}

function seenIn(messages: readonly JsonObject[]): readonly SeenMessage[] {
  return messages
    .filter((message) => message["thread_ts"] === undefined)
    .map((message) => ({
      ref: { channel, id: textAt(message, "ts") },
      open: JSON.stringify(message["blocks"]).includes('"button"'),
      replies: messages
        .filter((reply) => reply["thread_ts"] === message["ts"])
        .map((reply) => textAt(reply, "text")),
    }));
}
