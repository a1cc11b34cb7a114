import type { ServiceResponse } from "@promoter/local-cloud/internal/service.ts";
import { afterEach, describe, expect, it } from "vitest";
import {
  slackMessenger,
  type SlackMessengerOptions,
} from "../../../../src/adapters/slack/messenger.ts";
import { question } from "../../../contract/messenger.contract.ts";
import { inTurn, json, scriptedService, type Script } from "../ecr/scripted-service.ts";

const now = Date.parse("2026-01-05T09:00:00Z");
const token = "xoxb-a-token-that-nobody-may-see";
const closing: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

async function messengerThat(script: Script, options: Partial<SlackMessengerOptions> = {}) {
  const server = await scriptedService(script);
  closing.push(() => server.close());
  const messenger = slackMessenger({
    token: async () => token,
    fetch,
    baseUrl: `${server.origin}/api`,
    hooksUrl: `${server.origin}/hooks/`,
    ...options,
  });
  const sent = (index: number): unknown =>
    JSON.parse(server.requests[index]?.body.toString() ?? "null");
  return { messenger, server, sent, paths: () => server.requests.map(({ path }) => path) };
}

const posted = json({ ok: true, channel: "C1", ts: "1767603600.000100" });
const failed = (error: string): ServiceResponse => json({ ok: false, error });
const ref = { channel: "C1", id: "1767603600.000100" };
const sought = { ...question, askedAt: now };
const announcement = {
  promotion: question.promotion,
  ending: "Promoted",
  reasons: [],
  decidedBy: undefined,
  plan: undefined,
} as const;

describe("asking", () => {
  it("posts once, with what it is about as metadata and the token in the header only", async () => {
    const { messenger, server, sent, paths } = await messengerThat(() => posted);
    expect(await messenger.ask(question)).toEqual(ref);
    expect(paths()).toEqual(["/api/chat.postMessage"]);
    expect(sent(0)).toMatchObject({
      channel: "#releases",
      metadata: {
        event_type: "promoter_approval",
        event_payload: { promotion: question.promotion.id, hash: question.hash },
      },
    });
    expect(server.requests[0]?.headers).toMatchObject({
      authorization: `Bearer ${token}`,
      "content-type": "application/json; charset=utf-8",
    });
    expect(server.requests[0]?.body.toString()).not.toContain(token);
  });

  it("says which app posted it, and in which workspace", async () => {
    const { messenger } = await messengerThat(() =>
      json({
        ok: true,
        channel: "C1",
        ts: "1767603600.000100",
        message: { app_id: "A1", team: "T1", text: "x" },
      }),
    );
    expect(await messenger.ask(question)).toEqual({ ...ref, app: "A1", workspace: "T1" });
  });

  // History is given by channel id only; the last page has an empty cursor (docs.slack.dev, conversations.history and "Pagination").
  it("looks for earlier messages through all pages of channels and of the day after the question", async () => {
    const about = {
      event_type: "promoter_approval",
      event_payload: { promotion: question.promotion.id, hash: question.hash },
    };
    const { messenger, server, paths } = await messengerThat(
      inTurn(
        json({
          ok: true,
          channels: [{ id: "C0", name: "general" }],
          response_metadata: { next_cursor: "two" },
        }),
        json({
          ok: true,
          channels: [{ id: "C1", name: "releases" }],
          response_metadata: { next_cursor: "" },
        }),
        json({
          ok: true,
          messages: [
            { ts: "1.2" },
            { ts: "1.3", metadata: { ...about, event_type: "another" } },
            { ts: "1767603601.000200", metadata: about },
          ],
          response_metadata: { next_cursor: "older" },
        }),
        json({ ok: true, messages: [{ ts: "1767603600.000100", metadata: about }] }),
      ),
    );
    expect(await messenger.find(sought)).toEqual([ref, { channel: "C1", id: "1767603601.000200" }]);
    expect(paths()).toEqual([
      "/api/conversations.list",
      "/api/conversations.list",
      "/api/conversations.history",
      "/api/conversations.history",
    ]);
    const [, second, third, fourth] = server.requests.map(({ query }) => Object.fromEntries(query));
    expect([second?.["cursor"], fourth?.["cursor"]]).toEqual(["two", "older"]);
    expect(third).toMatchObject({
      channel: "C1",
      include_all_metadata: "true",
      oldest: ((now - 60_000) / 1000).toFixed(6),
      latest: ((now + 86_400_000) / 1000).toFixed(6),
    });
  });

  it("needs no list of channels for a channel id", async () => {
    const { messenger, paths } = await messengerThat(() => json({ ok: true, messages: [] }));
    expect(await messenger.find({ ...sought, channel: "C1" })).toEqual([]);
    expect(paths()).toEqual(["/api/conversations.history"]);
  });

  it("refuses a channel that the app cannot see when it looks for an earlier message", async () => {
    const { messenger } = await messengerThat(() => json({ ok: true, channels: [] }));
    await expect(messenger.find(sought)).rejects.toMatchObject({
      name: "MessengerRefused",
      message: expect.stringContaining("promoter.yml"),
    });
  });
});

/** What fetch does when its signal has timed out. */
const late = async (): Promise<Response> => {
  throw new DOMException("The operation was aborted due to timeout", "TimeoutError");
};

describe("an error of Slack", () => {
  // docs.slack.dev, chat.postMessage: errors. With fatal_error and internal_error a part may be done.
  it.each([
    ["ratelimited", "MessengerUnavailable"],
    ["fatal_error", "MessengerUnavailable"],
    ["internal_error", "MessengerUnavailable"],
    ["service_unavailable", "MessengerUnavailable"],
    ["channel_not_found", "MessengerRefused"],
    ["not_in_channel", "MessengerRefused"],
    ["is_archived", "MessengerRefused"],
    ["invalid_auth", "MessengerRefused"],
    ["missing_scope", "MessengerRefused"],
    ["invalid_blocks", "MessengerRefused"],
    ["an_error_of_next_year", "MessengerRefused"],
  ])("%s is called %s", async (error, name) => {
    const { messenger } = await messengerThat(() => failed(error));
    await expect(messenger.ask(question)).rejects.toMatchObject({
      name,
      message: expect.stringMatching(new RegExp(`chat\\.postMessage.*${error}; .+`)),
    });
  });

  // docs.slack.dev, "Rate limits": HTTP 429 with Retry-After in seconds.
  it("429 says after how many seconds to try again", async () => {
    const { messenger } = await messengerThat(() => ({
      status: 429,
      headers: { "retry-after": "30" },
    }));
    await expect(messenger.reply(ref, "text")).rejects.toMatchObject({
      name: "MessengerUnavailable",
      details: { retryAfter: 30 },
    });
  });

  it.each([
    ["HTTP 503", { status: 503 }, "MessengerUnavailable"],
    ["HTTP 404", { status: 404 }, "MessengerRefused"],
    ["a page instead of an answer", { status: 200, body: "<html>" }, "MessengerUnavailable"],
    ["an answer of another form", json({ ok: true }), "MessengerRefused"],
    ["a connection that breaks", "drop", "MessengerUnavailable"],
  ] as const)("%s is told apart", async (_, answer, name) => {
    const { messenger } = await messengerThat(() => answer);
    await expect(messenger.reply(ref, "text")).rejects.toMatchObject({ name });
  });

  it("can be retried when Slack keeps us waiting", async () => {
    const { messenger } = await messengerThat(() => posted, { fetch: late });
    await expect(messenger.reply(ref, "text")).rejects.toMatchObject({
      name: "MessengerUnavailable",
      message: expect.stringContaining("TimeoutError"),
    });
  });

  it("never shows the token, not even one that is not a valid header", async () => {
    const { messenger } = await messengerThat(() => posted, {
      token: async () => `${token}\n${token}`,
    });
    const error: unknown = await messenger.reply(ref, "text").catch((caught: unknown) => caught);
    expect(error).toMatchObject({ name: "MessengerUnavailable" });
    expect(String(error) + JSON.stringify(error) + String((error as Error).cause)).not.toContain(
      token,
    );
  });
});

/** One after the other, with what each was asked for. */
function tokens(...values: readonly string[]) {
  const refused: (string | undefined)[] = [];
  return {
    refused,
    token: async (one?: string) => {
      refused.push(one);
      return values[refused.length - 1] ?? "";
    },
  };
}

describe("a token that Slack refuses", () => {
  // docs.slack.dev, chat.postMessage: errors that are about the token. A token that was rotated or whose app was installed again is none any more.
  it.each(["invalid_auth", "token_revoked", "token_expired", "account_inactive", "not_authed"])(
    "with %s is asked for again, and the call is made once more",
    async (code) => {
      const { token: rotated, refused } = tokens("xoxb-old", "xoxb-new");
      const { messenger, server } = await messengerThat(inTurn(failed(code), posted), {
        token: rotated,
      });
      expect(await messenger.ask(question)).toEqual(ref);
      expect(server.requests.map(({ headers }) => headers["authorization"])).toEqual([
        "Bearer xoxb-old",
        "Bearer xoxb-new",
      ]);
      expect(refused).toEqual([undefined, "xoxb-old"]);
    },
  );

  it("is not shown again when there is no other", async () => {
    const { messenger, paths } = await messengerThat(() => failed("token_revoked"));
    await expect(messenger.reply(ref, "text")).rejects.toMatchObject({
      name: "MessengerRefused",
      message: expect.stringContaining("token_revoked"),
    });
    expect(paths()).toHaveLength(1);
  });

  it("is asked for again once only", async () => {
    const { token: rotating } = tokens("xoxb-1", "xoxb-2", "xoxb-3");
    const { messenger, paths } = await messengerThat(() => failed("invalid_auth"), {
      token: rotating,
    });
    await expect(messenger.reply(ref, "text")).rejects.toMatchObject({ name: "MessengerRefused" });
    expect(paths()).toHaveLength(2);
  });

  it("is distinguished from one that is valid, but lacks a permission", async () => {
    const { token: rotating, refused } = tokens("xoxb-1", "xoxb-2");
    const { messenger } = await messengerThat(() => failed("missing_scope"), { token: rotating });
    await expect(messenger.reply(ref, "text")).rejects.toMatchObject({ name: "MessengerRefused" });
    expect(refused).toHaveLength(1);
  });
});

describe("closing and replying", () => {
  it("sends text and blocks, because blocks that are left out would go and text alone would stay", async () => {
    const { messenger, sent, paths } = await messengerThat(() => posted);
    await messenger.close(ref, announcement);
    expect(paths()).toEqual(["/api/chat.update"]);
    expect(sent(0)).toMatchObject({
      channel: ref.channel,
      ts: ref.id,
      text: "orderbook 1.4.2 to production: promoted",
      blocks: expect.arrayContaining([]),
    });
  });

  it("lets every other error of an update through", async () => {
    const { messenger } = await messengerThat(() => failed("cant_update_message"));
    await expect(messenger.close(ref, announcement)).rejects.toMatchObject({
      name: "MessengerRefused",
    });
  });

  it("replies in the thread with text that nothing can be made of", async () => {
    const { messenger, sent } = await messengerThat(() => posted);
    await messenger.reply(ref, "<!channel> & more");
    expect(sent(0)).toMatchObject({
      channel: "C1",
      thread_ts: ref.id,
      text: "&lt;!channel&gt; &amp; more",
      blocks: [
        { type: "section", text: { type: "plain_text", text: "<!channel> & more", emoji: false } },
      ],
    });
  });
});

describe("answering a click", () => {
  it("posts to the address of the click, for that person only, and leaves the message as it is", async () => {
    const { messenger, server, sent } = await messengerThat(() => ({ status: 200, body: "ok" }));
    await messenger.answerClick(
      `${server.origin}/hooks/actions/T1/1/abc`,
      "Your <approval> counts.",
    );
    expect(sent(0)).toEqual({
      response_type: "ephemeral",
      replace_original: false,
      text: "Your &lt;approval&gt; counts.",
    });
    expect(server.requests[0]?.headers["authorization"]).toBeUndefined();
  });

  it("mentions who decided, and no one and nothing else", async () => {
    const { messenger, server, sent } = await messengerThat(() => ({ status: 200 }));
    await messenger.answerClick(
      `${server.origin}/hooks/x`,
      "approved by <@U012AB3CD>, not by <!channel>, <@here>, <#C012AB3CD> or <https://example.org|U>",
    );
    expect(sent(0)).toMatchObject({
      text: "approved by <@U012AB3CD>, not by &lt;!channel&gt;, &lt;@here&gt;, &lt;#C012AB3CD&gt; or &lt;https://example.org|U&gt;",
    });
  });

  it.each([
    "https://example.org/hooks/",
    "http://hooks.slack.com/actions/T1",
    "https://hooks.slack.com.example.org/",
    "https://hooks.slack.com@example.org/",
    "https://user@hooks.slack.com/actions",
    "file:///etc/passwd",
    "//hooks.slack.com/",
    "",
  ])("posts nowhere else: %s", async (address) => {
    const addresses: unknown[] = [];
    const watching = async (url: unknown): Promise<Response> => {
      addresses.push(url);
      return new Response("ok");
    };
    const messenger = slackMessenger({ token: async () => token, fetch: watching });
    await messenger.answerClick(address, "text");
    await messenger.answerClick("https://hooks.slack.com/actions/T1/1/abc", "text");
    expect(addresses).toEqual(["https://hooks.slack.com/actions/T1/1/abc"]);
  });

  it.each([{ status: 500 }, { status: 302, headers: { location: "/elsewhere" } }, "drop"] as const)(
    "never fails, and never follows a redirect: %j",
    async (answer) => {
      const { messenger, server, paths } = await messengerThat(() => answer);
      await messenger.answerClick(`${server.origin}/hooks/x`, "text");
      expect(paths()).toEqual(["/hooks/x"]);
    },
  );
});
