import { afterEach, beforeEach, describe, expect, it } from "vitest";
import {
  aWorkspace,
  type AWorkspace,
  channel,
  type Loose,
  question,
  section,
} from "./a-workspace.ts";

// Expectations: the pages of the methods, https://docs.slack.dev/reference/methods/<name>, and the limits of
// https://docs.slack.dev/reference/block-kit/blocks.

let workspace: AWorkspace;
beforeEach(async () => void (workspace = await aWorkspace()));
afterEach(() => workspace.stop());

const call = (method: string, args: object): Promise<Loose> => workspace.call(method, args);
const raw = (method: string, init: RequestInit): Promise<Response> =>
  fetch(`${workspace.origin}/_slack/api/${method}`, { method: "POST", ...init });
const texts = (answer: Loose): string[] =>
  answer.messages.map((entry: { text: string }) => entry.text);
const current = (): Loose => workspace.slack.messages(channel)[0];
const button = (part: object): object => ({
  type: "actions",
  elements: [{ type: "button", text: { type: "plain_text", text: "Go" }, ...part }],
});
const header = (words: string): object => ({
  type: "header",
  text: { type: "plain_text", text: words },
});
const fields = (count: number, length = 1): object => ({
  type: "section",
  fields: Array.from({ length: count }, () => ({ type: "mrkdwn", text: "x".repeat(length) })),
});

describe("authentication", () => {
  it.each([
    [{}, "not_authed"],
    [{ authorization: "Bearer xoxb-other" }, "invalid_auth"],
  ])("answers %o with HTTP 200 and an error", async (headers, error) => {
    const response = await raw("auth.test", { headers });
    expect([response.status, await response.json()]).toEqual([200, { ok: false, error }]);
  });

  it("takes a token in a form, and not in JSON", async () => {
    const form = await raw("auth.test", { body: new URLSearchParams({ token: "xoxb-local" }) });
    expect(await form.json()).toMatchObject({ ok: true, team_id: "T0LOCAL" });
    const json = await raw("auth.test", {
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ token: "xoxb-local" }),
    });
    expect(await json.json()).toEqual({ ok: false, error: "not_authed" });
  });

  it("does not know a method that it does not have", async () => {
    for (const method of [
      "users.info",
      "chat.postEphemeral",
      "conversations.replies",
      "constructor",
    ]) {
      const told = `the local cloud does not support slack:${method}: nothing that the promoter ships uses it`;
      expect(await call(method, {})).toMatchObject({
        ok: false,
        error: "unknown_method",
        errors: [told],
      });
    }
  });
});

describe("chat.postMessage", () => {
  it("answers the channel's id and the message's ts, for a channel given by name", async () => {
    const answer = await call("chat.postMessage", { channel: "#releases", text: "hello" });
    expect(answer).toMatchObject({
      ok: true,
      channel,
      ts: expect.stringMatching(/^\d{10}\.\d{6}$/),
      message: { type: "message", text: "hello", bot_id: expect.any(String) },
    });
  });

  it("takes a form with blocks as JSON text", async () => {
    const body = new URLSearchParams({
      token: "xoxb-local",
      channel,
      text: "hello",
      blocks: JSON.stringify(question),
    });
    expect(await (await raw("chat.postMessage", { body })).json()).toMatchObject({
      ok: true,
      message: {
        blocks: [{ type: "section", block_id: expect.any(String) }, { block_id: "vote" }],
      },
    });
  });

  it.each([
    [{ channel: "C0NOWHERE", text: "x" }, "channel_not_found"],
    [{ channel: "C0FOREIGN", text: "x" }, "not_in_channel"],
    [{ channel }, "no_text"],
    [{ channel, blocks: "[{" }, "invalid_blocks_format"],
    [{ channel, text: "x", metadata: { event_type: "promotion" } }, "invalid_metadata_schema"],
    [
      { channel, blocks: Array.from({ length: 5 }, () => section("x".repeat(2900))) },
      "msg_blocks_too_long",
    ],
  ])("refuses %o with %s", async (args, error) => {
    expect(await call("chat.postMessage", args)).toEqual({ ok: false, error });
    expect(workspace.slack.messages(channel)).toEqual([]);
  });

  it.each([
    [
      "51 blocks",
      Array.from({ length: 51 }, () => section("x")),
      "no more than 50 items allowed [json-pointer:/blocks]",
    ],
    [
      "a section of 3,001 characters",
      [section("x".repeat(3001))],
      "must be less than 3001 characters [json-pointer:/blocks/0/text/text]",
    ],
    [
      "an empty section",
      [section("")],
      "must be more than 0 characters [json-pointer:/blocks/0/text/text]",
    ],
    [
      "a header of 151 characters",
      [header("x".repeat(151))],
      "must be less than 151 characters [json-pointer:/blocks/0/text/text]",
    ],
    [
      "a header in mrkdwn",
      [{ type: "header", text: { type: "mrkdwn", text: "x" } }],
      "unsupported type: mrkdwn [json-pointer:/blocks/0/text/type]",
    ],
    ["11 fields", [fields(11)], "no more than 10 items allowed [json-pointer:/blocks/0/fields]"],
    [
      "a field of 2,001 characters",
      [fields(1, 2001)],
      "must be less than 2001 characters [json-pointer:/blocks/0/fields/0/text]",
    ],
    [
      "a button value of 2,001 characters",
      [button({ value: "x".repeat(2001) })],
      "must be less than 2001 characters [json-pointer:/blocks/0/elements/0/value]",
    ],
    [
      "a button of 76 characters",
      [button({ text: { type: "plain_text", text: "x".repeat(76) } })],
      "must be less than 76 characters [json-pointer:/blocks/0/elements/0/text/text]",
    ],
    [
      "an action_id of 256 characters",
      [button({ action_id: "x".repeat(256) })],
      "must be less than 256 characters [json-pointer:/blocks/0/elements/0/action_id]",
    ],
    [
      "a block_id of 256 characters",
      [{ ...section("x"), block_id: "x".repeat(256) }],
      "must be less than 256 characters [json-pointer:/blocks/0/block_id]",
    ],
    [
      "a block_id twice",
      [
        { ...section("x"), block_id: "a" },
        { ...section("y"), block_id: "a" },
      ],
      "`block_id` already exists [json-pointer:/blocks/1/block_id]",
    ],
    [
      "26 actions",
      [
        {
          type: "actions",
          elements: Array.from({ length: 26 }, () => ({
            type: "button",
            text: { type: "plain_text", text: "Go" },
          })),
        },
      ],
      "no more than 25 items allowed [json-pointer:/blocks/0/elements]",
    ],
    [
      "a block that does not exist",
      [{ type: "constructor" }],
      "unsupported type: constructor [json-pointer:/blocks/0/type]",
    ],
    [
      "a divider",
      [{ type: "divider" }],
      "the local cloud does not support divider blocks: nothing that the promoter ships uses it [json-pointer:/blocks/0/type]",
    ],
    [
      "a list in rich text",
      [{ type: "rich_text", elements: [{ type: "rich_text_list" }] }],
      "the local cloud does not support rich_text_list elements of rich text: nothing that the promoter ships uses it [json-pointer:/blocks/0/elements/0/type]",
    ],
    [
      "a link in rich text",
      [
        {
          type: "rich_text",
          elements: [{ type: "rich_text_section", elements: [{ type: "link" }] }],
        },
      ],
      "the local cloud does not support link elements of rich text: nothing that the promoter ships uses it [json-pointer:/blocks/0/elements/0/elements/0/type]",
    ],
  ])("refuses %s as invalid_blocks", async (_what, blocks, message) => {
    expect(await call("chat.postMessage", { channel, blocks })).toEqual({
      ok: false,
      error: "invalid_blocks",
      errors: [message],
      response_metadata: { messages: [`[ERROR] ${message}`] },
    });
  });

  it("takes blocks at their limits", async () => {
    expect(
      await call("chat.postMessage", {
        channel,
        blocks: [
          section("x".repeat(3000)),
          header("x".repeat(150)),
          fields(10),
          button({ value: "x".repeat(2000) }),
        ],
      }),
    ).toMatchObject({ ok: true });
  });
});

describe("chat.update", () => {
  let ts: string;
  beforeEach(
    async () =>
      void ({ ts } = await call("chat.postMessage", {
        channel,
        text: "first",
        blocks: question,
        metadata: { event_type: "promotion", event_payload: { id: "p1" } },
      })),
  );

  it("takes the blocks away when there is only text", async () => {
    expect(await call("chat.update", { channel, ts, text: "second" })).toMatchObject({
      ok: true,
      channel,
      ts,
      text: "second",
    });
    expect([current().text, current().blocks, current().metadata.event_payload]).toEqual([
      "second",
      undefined,
      { id: "p1" },
    ]);
  });

  it("keeps text and blocks when there is neither", async () => {
    await call("chat.update", {
      channel,
      ts,
      metadata: { event_type: "promotion", event_payload: { id: "p2" } },
    });
    expect([current().text, current().blocks.length, current().metadata.event_payload]).toEqual([
      "first",
      2,
      { id: "p2" },
    ]);
  });

  it("replaces the blocks by new ones", async () => {
    await call("chat.update", { channel, ts, text: "done", blocks: [section("Approved")] });
    expect(current().blocks).toMatchObject([{ type: "section" }]);
  });

  it.each([
    [{ ts: "1.000001" }, "message_not_found"],
    [{ channel: "releases" }, "channel_not_found"],
    [{ text: "x".repeat(4001) }, "msg_too_long"],
  ])("refuses %o", async (change, error) => {
    expect(await call("chat.update", { channel, ts, text: "x", ...change })).toEqual({
      ok: false,
      error,
    });
  });

  it("refuses to change what a person wrote", async () => {
    const theirs = workspace.slack.say({ user: "U012AB3CD", channel, text: "hi" });
    expect(await call("chat.update", { channel, ts: theirs, text: "x" })).toEqual({
      ok: false,
      error: "cant_update_message",
    });
  });
});

describe("conversations", () => {
  const posted: string[] = [];
  beforeEach(async () => {
    posted.length = 0;
    for (const text of ["one", "two", "three"]) {
      posted.push(
        (
          await call("chat.postMessage", {
            channel,
            text,
            metadata: { event_type: "e", event_payload: { text } },
          })
        ).ts,
      );
    }
  });

  it("shows the newest first, in pages", async () => {
    const first = await call("conversations.history", { channel, limit: 2 });
    expect([texts(first), first.has_more]).toEqual([["three", "two"], true]);
    const second = await call("conversations.history", {
      channel,
      limit: 2,
      cursor: first.response_metadata.next_cursor,
    });
    expect([texts(second), second.has_more]).toEqual([["one"], false]);
  });

  it("shows metadata only when it is asked to", async () => {
    expect((await call("conversations.history", { channel })).messages[0].metadata).toBeUndefined();
    expect(
      (await call("conversations.history", { channel, include_all_metadata: true })).messages[0]
        .metadata,
    ).toEqual({ event_type: "e", event_payload: { text: "three" } });
  });

  it.each([
    [{ oldest: 0 }, ["three"]],
    [{ oldest: 0, inclusive: true }, ["three", "two"]],
    [{ latest: 0 }, ["one"]],
  ])("bounds by time with %o around the second message", async (bounds, expected) => {
    const at = Object.fromEntries(
      Object.entries(bounds).map(([key, value]) => [key, value === 0 ? posted[1] : value]),
    );
    expect(texts(await call("conversations.history", { channel, ...at }))).toEqual(expected);
  });

  it("shows replies in their thread, and not in the channel", async () => {
    await call("chat.postMessage", { channel, text: "reply", thread_ts: posted[0] });
    expect(texts(await call("conversations.history", { channel }))).toEqual([
      "three",
      "two",
      "one",
    ]);
    expect(await (await fetch(`${workspace.origin}/_slack/`)).text()).toContain(
      '<div class="thread" role="group" aria-label="Replies">',
    );
    expect(
      await call("chat.postMessage", {
        channel,
        text: "reply",
        thread_ts: posted[0],
        reply_broadcast: true,
      }),
    ).toMatchObject({ ok: false, errors: [expect.stringContaining("reply_broadcast")] });
  });

  it.each([
    ["conversations.history", { channel: "C0NOWHERE" }, "channel_not_found"],
    ["conversations.history", { channel: "C0FOREIGN" }, "not_in_channel"],
    ["conversations.history", { channel, cursor: "bad" }, "invalid_cursor"],
  ])("%s refuses %o", async (method, args, error) => {
    expect(await call(method, args)).toEqual({ ok: false, error });
  });
});

it.each([
  [
    "/api/chat.postMessage",
    { action: "slack:chat.postMessage", resources: [channel], access: "write" },
  ],
  [
    "/api/conversations.history",
    { action: "slack:conversations.history", resources: [channel], access: "read" },
  ],
  ["/", undefined],
  ["/click", undefined],
])("records %s", (path, expected) => {
  const caller = { accessKeyId: undefined, role: undefined, functionName: undefined };
  const request = {
    method: "POST",
    path,
    query: new URLSearchParams({ channel }),
    headers: {},
    body: Buffer.alloc(0),
    caller,
  };
  expect(workspace.slack.operation(request)).toEqual(expected);
});
