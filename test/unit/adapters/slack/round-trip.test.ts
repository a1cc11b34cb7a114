import { virtualClock } from "@promoter/local-cloud/clock";
import { startGateway } from "@promoter/local-cloud/internal/gateway.ts";
import { createSlack } from "@promoter/local-cloud/internal/slack/create-slack.ts";
import { afterEach, expect, it } from "vitest";
import { slackMessenger } from "../../../../src/adapters/slack/messenger.ts";
import { parseInteraction } from "../../../../src/adapters/slack/parse-interaction.ts";
import { verifySignature } from "../../../../src/adapters/slack/verify-signature.ts";
import { question } from "../../../contract/messenger.contract.ts";
import { scriptedService } from "../ecr/scripted-service.ts";

const closing: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

it.each(["approve", "reject"] as const)(
  "a click on %s of our own message comes back genuine, about its plan, and can be answered",
  async (choice) => {
    const clock = virtualClock(Date.now());
    const app = await scriptedService(() => ({ status: 200 }));
    const channel = "C0RELEASES";
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
        botToken: "xoxb-local",
        signingSecret: "secret",
        interactivityUrl: () => `${app.origin}/`,
        users: [{ id: "U012AB3CE", name: "ada" }],
        channels: [{ id: channel, name: "releases" }],
      },
    );
    const gateway = await startGateway({ services: () => [slack] });
    closing.push(
      () => app.close(),
      () => gateway.close(),
    );
    const messenger = slackMessenger({
      token: async () => "xoxb-local",
      fetch,
      baseUrl: `${gateway.origin}/_slack/api`,
      hooksUrl: `${gateway.origin}/_slack/actions/`,
    });
    const { id: ts } = await messenger.ask(question);

    expect(
      await slack.click({ user: "U012AB3CE", channel, ts, actionId: `promoter_${choice}` }),
    ).toEqual({ kind: "delivered" });

    const [form] = app.requests;
    if (!form) throw new Error("the click did not arrive");
    expect(verifySignature(form, { secret: "secret", now: clock.now() })).toEqual({
      kind: "genuine",
    });
    const click = parseInteraction(form.body);
    expect(click).toMatchObject({
      kind: "click",
      user: "U012AB3CE",
      choice,
      promotion: question.promotion.id,
      hash: question.hash,
      channel,
      ts,
    });

    await messenger.answerClick(
      click.kind === "click" ? (click.responseUrl ?? "") : "",
      "Your vote counts.",
    );
    expect(slack.messages(channel).at(-1)).toMatchObject({ text: "Your vote counts." });
  },
);
