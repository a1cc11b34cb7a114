import { request } from "node:http";
import { describe, expect, it, onTestFinished } from "vitest";
import { virtualClock } from "../clock.ts";
import { createFrontPage, type FrontPageOptions } from "../front-page.ts";
import { startGateway, type Gateway } from "../gateway.ts";

const signed = {
  authorization:
    "AWS4-HMAC-SHA256 Credential=AKIAPERSON/20260105/eu-west-1/logs/aws4_request, SignedHeaders=host, Signature=0",
};

const configuration: FrontPageOptions["configuration"] = {
  registry: { account: "111122223333", region: "eu-west-1" },
  clusters: {},
  applications: {
    orderbook: {
      name: "orderbook",
      members: ["orderbook-api", "orderbook-ui"].map((name) => ({ name, repository: name })),
      environments: { production: { approval: undefined, podSpec: { namespace: "orderbook" } } },
    },
  },
};

async function open(further: Partial<FrontPageOptions> = {}): Promise<Gateway> {
  let origin = "";
  const context = {
    account: "1",
    region: "eu-west-1",
    clock: virtualClock(),
    origin: () => origin,
    emit: () => undefined,
    track: <T>(work: Promise<T>) => work,
  };
  const page = createFrontPage(context, {
    configuration,
    real: {},
    clusters: ["orderbook-prod"],
    stateMachineArn: "arn:x",
    ...further,
  });
  const gateway = await startGateway({ services: () => [page] });
  onTestFinished(() => gateway.close());
  origin = gateway.origin;
  return gateway;
}

describe("the first address", () => {
  it("lists what exists, with links to it", async () => {
    const { origin } = await open();
    const response = await fetch(origin);
    const text = await response.text();
    for (const part of [
      "orderbook-api, orderbook-ui → production",
      'href="/_slack/"',
      `docker login ${origin.replace("http://", "")} -u AWS`,
      `--endpoint-url ${origin}`,
      `kubectl --server ${origin}/_kubernetes/orderbook-prod`,
      'href="/_kubernetes/orderbook-prod/api/v1/pods"',
      "/_local/faults",
    ]) {
      expect(text).toContain(part);
    }
    expect(response.headers.get("content-type")).toBe("text/html; charset=utf-8");
    const nonce = /<style nonce="([^"]+)"/.exec(text)?.[1];
    expect(response.headers.get("content-security-policy")).toContain(`style-src 'nonce-${nonce}'`);
  });

  it("has no door for what is the user's own", async () => {
    const text = await (
      await fetch(
        (
          await open({
            real: {
              slack: {
                api: "",
                hooks: "",
                botToken: "xoxb-secret",
                signingSecret: "",
                callbackPort: 0,
              },
              ecr: { endpoint: "", credentials: () => Promise.reject(new Error("no")) },
            },
            clusters: [],
          })
        ).origin,
      )
    ).text();
    expect(text).not.toMatch(/_slack|docker login|kubectl|xoxb-secret/);
  });

  it("escapes what was written by others", async () => {
    const text = await (await fetch((await open({ clusters: ['<script>"&'] })).origin)).text();
    expect(text).toContain("Cluster &lt;script&gt;&quot;&amp;");
    expect(text).not.toContain("<script>");
  });

  it("is for browsers of this machine, and for nothing that AWS is asked", async () => {
    const { origin } = await open();
    const { port } = new URL(origin);
    const rebound = await new Promise((resolve) => {
      request(
        { host: "127.0.0.1", port, path: "/", headers: { host: "evil.example" } },
        ({ statusCode }) => resolve(statusCode),
      ).end();
    });
    expect(rebound).toBe(403);
    expect((await fetch(origin, { method: "POST" })).status).toBe(405);
    expect((await fetch(origin, { headers: signed })).status).toBe(404);
    expect((await fetch(`${origin}/nothing`)).status).toBe(404);
  });
});
