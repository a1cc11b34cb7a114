import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parseInteraction } from "../../../../src/adapters/slack/parse-interaction.ts";

const hash = "f".repeat(64);
const promotion = "p-0123456789abcdef0123456789abcdef01234567-1";

// Fields of docs.slack.dev, "block_actions payload".
const payload = {
  type: "block_actions",
  user: { id: "U012AB3CE", username: "ada", team_id: "T1" },
  team: { id: "T1", domain: "orderbook" },
  api_app_id: "A1",
  token: "deprecated",
  container: {
    type: "message",
    message_ts: "1767603600.000100",
    channel_id: "C1",
    is_ephemeral: false,
  },
  trigger_id: "1.2.3",
  channel: { id: "C1", name: "releases" },
  message: { ts: "1767603600.000100", text: "Promote?", bot_id: "B1", blocks: [] },
  response_url: "https://hooks.slack.com/actions/T1/1/abc",
  actions: [
    {
      type: "button",
      action_id: "promoter_approve",
      block_id: "b",
      value: JSON.stringify({ promotion, hash }),
      action_ts: "1.2",
    },
  ],
};
const form = (value: unknown): Buffer =>
  Buffer.from(
    new URLSearchParams({
      payload: typeof value === "string" ? value : JSON.stringify(value),
    }).toString(),
  );
const withAction = (change: object) => ({
  ...payload,
  actions: [{ ...payload.actions[0], ...change }],
});

describe("a click", () => {
  it("says who clicked what about which plan", () => {
    expect(parseInteraction(form(payload))).toEqual({
      kind: "click",
      user: "U012AB3CE",
      actionId: "promoter_approve",
      choice: "approve",
      promotion,
      hash,
      responseUrl: "https://hooks.slack.com/actions/T1/1/abc",
      channel: "C1",
      ts: "1767603600.000100",
      appId: "A1",
      teamId: "T1",
    });
  });

  it("on Reject rejects", () => {
    expect(parseInteraction(form(withAction({ action_id: "promoter_reject" })))).toMatchObject({
      kind: "click",
      choice: "reject",
    });
  });

  it.each(["orderbook-1.4.2", "größer(2)'s+1=@!"])(
    "is about a promotion that a person named as Step Functions allows: %s",
    (name) => {
      expect(
        parseInteraction(form(withAction({ value: JSON.stringify({ promotion: name, hash }) }))),
      ).toMatchObject({ kind: "click", promotion: name });
    },
  );

  // `team` is null where the app is installed for an organisation; response_url and container may be missing.
  it("names no team when the app is installed for an organisation", () => {
    const { response_url: _url, container: _container, ...rest } = payload;
    expect(parseInteraction(form({ ...rest, team: null }))).toMatchObject({
      kind: "click",
      teamId: undefined,
      responseUrl: undefined,
      ts: undefined,
    });
  });

  it.each([
    ["no form", Buffer.from("{}")],
    ["an empty body", Buffer.alloc(0)],
    ["no JSON", form("{")],
    ["another interaction", form({ ...payload, type: "view_submission" })],
    ["no user", form({ ...payload, user: undefined })],
    ["no action", form({ ...payload, actions: [] })],
    ["two actions", form({ ...payload, actions: [payload.actions[0], payload.actions[0]] })],
    ["a button of another app", form(withAction({ action_id: "open_link" }))],
    ["a button called like a method", form(withAction({ action_id: "constructor" }))],
    ["a value that is no JSON", form(withAction({ value: promotion }))],
    ["a value without hash", form(withAction({ value: JSON.stringify({ promotion }) }))],
    [
      "a value with more in it",
      form(withAction({ value: JSON.stringify({ promotion, hash, user: "U1" }) })),
    ],
    [
      "a promotion that could pass for another key",
      form(withAction({ value: JSON.stringify({ promotion: "p-1#x", hash }) })),
    ],
    [
      "a hash that is none",
      form(withAction({ value: JSON.stringify({ promotion, hash: "F".repeat(64) }) })),
    ],
  ])("is refused with a reason: %s", (_, body) => {
    expect(parseInteraction(body)).toEqual({ kind: "refusal", reason: expect.stringMatching(/./) });
  });

  it("is never thrown about, whatever comes", () => {
    fc.assert(
      fc.property(fc.oneof(fc.uint8Array(), fc.json().map(form)), (body) => {
        expect(parseInteraction(body).kind).toBe("refusal");
      }),
    );
  });
});
