import { createHmac } from "node:crypto";
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { verifySignature } from "../../../../src/adapters/slack/verify-signature.ts";

// The example of docs.slack.dev, "Verifying requests from Slack".
const secret = "8f742231b10e8888abcd99yyyzzz85a5";
const body = Buffer.from(
  "token=xyzz0WbapA4vBCDEFasx0q6G&team_id=T1DC2JH3J&team_domain=testteamnow&channel_id=G8PSS9T3V&channel_name=foobar&user_id=U2CERLKJA&" +
    "user_name=roadrunner&command=%2Fwebhook-collect&text=&response_url=https%3A%2F%2Fhooks.slack.com%2Fcommands%2FT1DC2JH3J%2F397700885554" +
    "%2F96rGlfmibIGlgcZRskXaIFfN&trigger_id=398738663015.47445629121.803a0bc887a14d10d2c447fce8b6703c",
);
const timestamp = "1531420618";
const signature = "v0=a2114d57b48eac39b9ad189dd8316235a7b4a8d21a10bd27519666489c69b503";
const headers = { "x-slack-request-timestamp": timestamp, "x-slack-signature": signature };
const sentAt = Number(timestamp) * 1_000;

describe("the signature of a request", () => {
  it("is that of the example in Slack's documentation", () => {
    expect(verifySignature({ headers, body }, { secret, now: sentAt })).toEqual({
      kind: "genuine",
    });
  });

  it.each([-300_000, 300_000])("holds %i ms off", (off) => {
    expect(verifySignature({ headers, body }, { secret, now: sentAt + off }).kind).toBe("genuine");
  });

  it.each([-300_001, 300_001])("is stale %i ms off, on either side", (off) => {
    expect(verifySignature({ headers, body }, { secret, now: sentAt + off }).kind).toBe("forged");
  });

  it.each([
    ["another secret", { secret: "8f742231b10e8888abcd99yyyzzz85a6" }],
    ["one byte more", { body: Buffer.concat([body, Buffer.from("&")]) }],
    ["another time", { headers: { ...headers, "x-slack-request-timestamp": "1531420619" } }],
    ["no time", { headers: { "x-slack-signature": signature } }],
    [
      "a time that is none",
      { headers: { ...headers, "x-slack-request-timestamp": "1531420618 " } },
    ],
    ["no signature", { headers: { "x-slack-request-timestamp": timestamp } }],
    ["a signature of another length", { headers: { ...headers, "x-slack-signature": "v0=a2" } }],
    [
      "another version",
      { headers: { ...headers, "x-slack-signature": signature.replace("v0", "v1") } },
    ],
    [
      "a signature in upper case",
      { headers: { ...headers, "x-slack-signature": signature.toUpperCase() } },
    ],
    [
      "characters of two bytes that make up the length",
      { headers: { ...headers, "x-slack-signature": "é".repeat(signature.length) } },
    ],
  ])("does not hold with %s", (_, change) => {
    const given = { headers, body, secret, ...change };
    expect(verifySignature(given, { secret: given.secret, now: sentAt }).kind).toBe("forged");
  });

  it("is over the very bytes, whatever they are", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
        const signed = createHmac("sha256", secret)
          .update(Buffer.concat([Buffer.from(`v0:${timestamp}:`), bytes]))
          .digest("hex");
        const request = {
          headers: { ...headers, "x-slack-signature": `v0=${signed}` },
          body: bytes,
        };
        expect(verifySignature(request, { secret, now: sentAt }).kind).toBe("genuine");
      }),
    );
  });
});
