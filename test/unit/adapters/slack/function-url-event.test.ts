import { describe, expect, it } from "vitest";
import { parseFunctionUrlEvent } from "../../../../src/adapters/slack/function-url-event.ts";

// Lambda developer guide, "Invoking Lambda function URLs": request payload format 2.0.
const event = {
  version: "2.0",
  routeKey: "$default",
  rawPath: "/",
  rawQueryString: "",
  headers: { "X-Slack-Signature": "v0=a2", "content-type": "application/x-www-form-urlencoded" },
  requestContext: {
    http: {
      method: "POST",
      path: "/",
      protocol: "HTTP/1.1",
      sourceIp: "192.0.2.1",
      userAgent: "Slackbot 1.0",
    },
    timeEpoch: 1,
  },
  body: Buffer.from("payload=%7B%7D é").toString("base64"),
  isBase64Encoded: true,
};

describe("a request to a function URL", () => {
  it("gives the very bytes that were sent in base64, and headers in lower case", () => {
    const request = parseFunctionUrlEvent(event);
    expect(request).toMatchObject({
      kind: "request",
      method: "POST",
      headers: { "x-slack-signature": "v0=a2" },
    });
    expect(request.kind === "request" && request.body.toString()).toBe("payload=%7B%7D é");
  });

  it("gives the bytes of a body in plain text", () => {
    const request = parseFunctionUrlEvent({ ...event, isBase64Encoded: false, body: "é" });
    expect(request.kind === "request" && request.body).toEqual(Buffer.from([0xc3, 0xa9]));
  });

  it("has an empty body when there is none", () => {
    const { body: _body, ...rest } = event;
    const request = parseFunctionUrlEvent(rest);
    expect(request.kind === "request" && request.body).toHaveLength(0);
  });

  it.each([
    undefined,
    null,
    "",
    {},
    { ...event, headers: undefined },
    { ...event, body: 7 },
    { ...event, requestContext: {} },
  ])("is refused when it is none: %j", (input) => {
    expect(parseFunctionUrlEvent(input)).toEqual({
      kind: "refusal",
      reason: expect.stringContaining("not a request to a function URL"),
    });
  });
});
