import { createHash, createHmac } from "node:crypto";
import {
  createServer,
  type IncomingHttpHeaders,
  type IncomingMessage,
  type ServerResponse,
} from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import { expect, it, onTestFinished } from "vitest";
import { virtualClock } from "../../clock.ts";
import { callEcr } from "../../real-parts/call-ecr.ts";

const secretAccessKey = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY";

it("signs what it sends, so that ECR accepts it", async () => {
  const { endpoint, received } = await listening();
  const body = Buffer.from('{"repositoryName":"orderbook-api"}');
  await callEcr(
    {
      ecr: {
        endpoint,
        credentials: async () => ({
          accessKeyId: "AKIDEXAMPLE",
          secretAccessKey,
          sessionToken: "session",
        }),
      },
      region: "eu-west-1",
      clock: virtualClock(),
    },
    { target: "AmazonEC2ContainerRegistry_V20150921.PutImage", body },
  );
  const [request] = received;
  expect(request?.body).toBe(body.toString());
  expect(request?.headers["x-amz-target"]).toBe("AmazonEC2ContainerRegistry_V20150921.PutImage");
  expect(request?.headers["authorization"]).toBe(expectedAuthorization(request));
});

interface Received {
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

async function listening(): Promise<{ endpoint: string; received: readonly Received[] }> {
  const received: Received[] = [];
  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    received.push({ headers: request.headers, body: await text(request) });
    response.end("{}");
  };
  const server = createServer((request, response) => void answer(request, response));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return { endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, received };
}

/**
 * Written from the IAM user guide, "Create a signed AWS API request", without the library that
 * signs.
 */
function expectedAuthorization(request: Received | undefined): string {
  const { headers = {}, body = "" } = request ?? {};
  const names = /SignedHeaders=([^,]+)/.exec(headers["authorization"] ?? "")?.[1]?.split(";") ?? [];
  expect(names).toEqual(
    expect.arrayContaining(["host", "x-amz-date", "x-amz-security-token", "x-amz-target"]),
  );
  const date = String(headers["x-amz-date"]);
  const canonical = [
    "POST",
    "/",
    "",
    ...names.map((name) => `${name}:${String(headers[name])}`),
    "",
    names.join(";"),
    sha256(body),
  ].join("\n");
  const scope = `${date.slice(0, 8)}/eu-west-1/ecr/aws4_request`;
  const key = scope
    .split("/")
    .reduce<string | Buffer>((last, part) => hmac(last, part), `AWS4${secretAccessKey}`);
  const signature = hmac(
    key,
    ["AWS4-HMAC-SHA256", date, scope, sha256(canonical)].join("\n"),
  ).toString("hex");
  return `AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/${scope}, SignedHeaders=${names.join(";")}, Signature=${signature}`;
}

const sha256 = (value: string): string => createHash("sha256").update(value).digest("hex");
const hmac = (key: string | Buffer, value: string): Buffer =>
  createHmac("sha256", key).update(value).digest();
