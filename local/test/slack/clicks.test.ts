import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { slackSignature } from "../../slack/sign-request.ts";
import {
  aWorkspace,
  type AWorkspace,
  channel,
  type Loose,
  question,
  signingSecret,
} from "./a-workspace.ts";

// Expectations: https://docs.slack.dev/authentication/verifying-requests-from-slack and
// https://docs.slack.dev/interactivity/handling-user-interaction.

let workspace: AWorkspace;
let ts: string;
const start = async (options: Parameters<typeof aWorkspace>[0] = {}): Promise<void> => {
  workspace = await aWorkspace(options);
  ({ ts } = await workspace.call("chat.postMessage", {
    channel,
    text: "Release?",
    blocks: question,
  }));
};
beforeEach(() => start());
afterEach(() => workspace.stop());

const alice = "U012AB3CD";
const approve = (user = alice): ReturnType<AWorkspace["slack"]["click"]> =>
  workspace.slack.click({ user, channel, ts, actionId: "approve" });
const payload = (): Loose =>
  JSON.parse(new URLSearchParams(workspace.delivered[0]?.body).get("payload") ?? "");

async function respond(body: object): Promise<[number, string]> {
  const response = await fetch(payload().response_url, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(body),
  });
  return [response.status, await response.text()];
}

async function page(user: string): Promise<string> {
  return (await fetch(`${workspace.origin}/_slack/messages.json?user=${user}`)).text();
}

it("signs as in the example of Slack's page", () => {
  const body =
    "token=xyzz0WbapA4vBCDEFasx0q6G&team_id=T1DC2JH3J&team_domain=testteamnow&channel_id=G8PSS9T3V&channel_name=foobar&user_id=U2CERLKJA&user_name=roadrunner&command=%2Fwebhook-collect&text=&response_url=https%3A%2F%2Fhooks.slack.com%2Fcommands%2FT1DC2JH3J%2F397700885554%2F96rGlfmibIGlgcZRskXaIFfN&trigger_id=398738663015.47445629121.803a0bc887a14d10d2c447fce8b6703c";
  expect(slackSignature(signingSecret, "1531420618", body)).toBe(
    "v0=a2114d57b48eac39b9ad189dd8316235a7b4a8d21a10bd27519666489c69b503",
  );
});

describe("a click", () => {
  it("reaches the app as a signed form", async () => {
    expect(await approve()).toEqual({ kind: "delivered" });
    const [post] = workspace.delivered;
    const timestamp = String(workspace.clock.now() / 1000);
    expect(post?.headers).toMatchObject({
      "content-type": "application/x-www-form-urlencoded",
      "x-slack-request-timestamp": timestamp,
      "x-slack-signature": slackSignature(signingSecret, timestamp, post?.body ?? ""),
    });
    expect([...new URLSearchParams(post?.body).keys()]).toEqual(["payload"]);
  });

  it("says who pressed which button of which message", async () => {
    await approve();
    expect(payload()).toMatchObject({
      type: "block_actions",
      user: { id: alice, username: "alice", team_id: "T0LOCAL" },
      team: { id: "T0LOCAL" },
      api_app_id: "A0PROMOTER",
      container: { type: "message", message_ts: ts, channel_id: channel, is_ephemeral: false },
      channel: { id: channel, name: "releases" },
      message: { ts, text: "Release?" },
      actions: [
        {
          type: "button",
          action_id: "approve",
          block_id: "vote",
          value: "plan-1",
          text: { type: "plain_text", text: "Approve" },
        },
      ],
    });
  });

  it.each([
    [{ user: "U0NOBODY" }, "there is no user U0NOBODY"],
    [{ actionId: "else" }, "this message has no button else"],
    [{ ts: "1.000001" }, "this message has no button approve"],
  ])("does not happen for %o", async (change, message) => {
    expect(
      await workspace.slack.click({ user: alice, channel, ts, actionId: "approve", ...change }),
    ).toEqual({ kind: "failed", message });
    expect(workspace.delivered).toEqual([]);
  });

  it.each([
    { app: 401, message: "This app responded with status code 401." },
    { app: 500, message: "This app responded with status code 500." },
    { app: 302, message: "This app responded with status code 302." },
    { app: "silent" as const, message: "This app did not respond within 20 ms." },
  ])("shows an error when the app answers $app", async ({ app, message }) => {
    await workspace.stop();
    await start({ app, respondWithin: app === "silent" ? 20 : 3000 });
    expect(await approve()).toEqual({ kind: "failed", message });
  });

  it("shows an error when the app is missing", async () => {
    await workspace.stop();
    await start({ interactivityUrl: () => "http://127.0.0.1:1/" });
    expect(await approve()).toEqual({ kind: "failed", message: "This app could not be reached." });
  });
});

describe("the response_url", () => {
  beforeEach(() => approve());

  it("answers only the person who clicked", async () => {
    expect(await respond({ text: "This plan is outdated" })).toEqual([200, "ok"]);
    expect(await page(alice)).toContain("This plan is outdated");
    expect(await page("U045EF6GH")).not.toContain("This plan is outdated");
  });

  it.each([
    ["response_type in_channel", { text: "x", response_type: "in_channel" }],
    ["replace_original", { text: "x", replace_original: "true" }],
    ["delete_original", { delete_original: true }],
  ])("refuses by name what it does not support: %s", async (name, answer) => {
    expect(await respond(answer)).toEqual([
      500,
      `the local cloud does not support ${name}: nothing that the promoter ships uses it`,
    ]);
  });

  it("works five times", async () => {
    for (let use = 0; use < 5; use++) expect((await respond({ text: "x" }))[0]).toBe(200);
    expect(await respond({ text: "x" })).toEqual([404, "used_url"]);
  });

  it("works for 30 minutes", async () => {
    workspace.clock.advanceTo(workspace.clock.now() + 30 * 60_000 + 1);
    expect(await respond({ text: "x" })).toEqual([404, "expired_url"]);
  });
});
