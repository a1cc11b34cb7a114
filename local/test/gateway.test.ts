import { expect, it, onTestFinished } from "vitest";
import { startGateway } from "../gateway.ts";

const authorization =
  "AWS4-HMAC-SHA256 Credential=AKIAPERSON/20260105/eu-west-1/logs/aws4_request, SignedHeaders=host, Signature=0";

it.each([
  [
    "the service of a signed request",
    { authorization },
    "no service of this local cloud answers POST /, signed for logs\n",
  ],
  ["the path of any other", {}, "no service of this local cloud answers POST /\n"],
])("names %s when no service answers it", async (_, headers: Record<string, string>, text) => {
  const gateway = await startGateway({ services: () => [] });
  onTestFinished(() => gateway.close());
  const answer = await fetch(gateway.origin, { method: "POST", headers });
  expect([answer.status, await answer.text()]).toEqual([404, text]);
});
