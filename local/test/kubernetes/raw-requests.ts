import type { IncomingMessage } from "node:http";
import { request, type RequestOptions } from "node:https";
import { text } from "node:stream/consumers";
import { KubeConfig } from "@kubernetes/client-node/dist/config.js";

export interface RawRequest {
  readonly method: string;
  readonly path: string;
  readonly body?: unknown;
  readonly type?: string;
}

export interface RawAnswer {
  readonly code: number;
  readonly body: unknown;
  readonly warning: string | null;
}

/** Requests as they are, to the server of a context, under a User-Agent that both servers see. */
export function rawRequests(context: string): (given: RawRequest) => Promise<RawAnswer> {
  const config = new KubeConfig();
  config.loadFromDefault();
  config.setCurrentContext(context);
  const server = config.getCurrentCluster()?.server ?? "";
  return async ({ method, path, body, type = "application/json" }) => {
    const payload =
      body === undefined ? undefined : typeof body === "string" ? body : JSON.stringify(body);
    // Node sends a DELETE without length otherwise, and then its body is the next request.
    const content =
      payload === undefined
        ? {}
        : { "content-type": type, "content-length": String(Buffer.byteLength(payload)) };
    const options: RequestOptions = {
      method,
      headers: { accept: "application/json", "user-agent": "tests/1.0 (linux)", ...content },
    };
    await config.applyToHTTPSOptions(options);
    const answer = await exchange(new URL(`${server}${path}`), options, payload);
    const words = await text(answer);
    return {
      code: answer.statusCode ?? 0,
      body: words.startsWith("{") ? JSON.parse(words) : words,
      warning: headerOf(answer, "warning"),
    };
  };
}

function exchange(
  url: URL,
  options: RequestOptions,
  payload: string | undefined,
): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    const outgoing = request(url, options, resolve);
    outgoing.once("error", reject);
    outgoing.end(payload);
  });
}

function headerOf(answer: IncomingMessage, name: string): string | null {
  const value = answer.headers[name];
  return value === undefined ? null : [value].flat().join(", ");
}
