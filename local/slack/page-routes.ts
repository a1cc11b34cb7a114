import { randomBytes, timingSafeEqual } from "node:crypto";
import { htmlPage } from "../html-page.ts";
import { isLoopback } from "../is-loopback.ts";
import { parseJson, textAt } from "../json-value.ts";
import type { ServiceRequest, ServiceResponse } from "../service.ts";
import { type Click, clickButton, type Clicker } from "./click-button.ts";
import { renderChannels, slackPage } from "./slack-page.ts";

/** The page for people, and what it asks for. */
export interface PageRoutes {
  handle(request: ServiceRequest): Promise<ServiceResponse>;
}

export function createPageRoutes(
  clicker: Clicker,
  run: <T>(work: Promise<T>) => Promise<T>,
): PageRoutes {
  const key = randomBytes(24).toString("base64url");
  const nonce = randomBytes(16).toString("base64");
  const { workspace } = clicker;
  const click = async (request: ServiceRequest): Promise<ServiceResponse> => {
    if (!isOwnPage(clicker, request, key)) {
      return json(403, { kind: "failed", message: "only the page itself may click" });
    }
    return json(200, await run(clickButton(clicker, clickOf(request))));
  };
  return {
    async handle(request) {
      // Another name for 127.0.0.1 (DNS rebinding) would let a foreign page read ours.
      if (!isLoopback(request.headers["host"] ?? "")) {
        return json(403, { kind: "failed", message: "this page is only for this machine" });
      }
      if (request.path === "/click") {
        return request.method === "POST" ? click(request) : json(405, {});
      }
      if (request.path === "/messages.json") {
        return json(200, {
          version: workspace.messages.version(),
          html: renderChannels(workspace, request.query.get("user") ?? ""),
        });
      }
      if (request.path === "/") {
        return htmlPage(slackPage(workspace, { key, nonce }), [
          `script-src 'nonce-${nonce}'`,
          `style-src 'nonce-${nonce}'`,
          "connect-src 'self'",
        ]);
      }
      return { status: 404, headers: { "content-type": "text/plain" }, body: "not found\n" };
    },
  };
}

/**
 * A foreign site can make a browser post here, but neither with our Origin nor with the key that
 * only our page holds.
 */
function isOwnPage({ workspace }: Clicker, { headers }: ServiceRequest, key: string): boolean {
  const given = Buffer.from(headers["x-page-key"] ?? "");
  const wanted = Buffer.from(key);
  const hasKey = given.length === wanted.length && timingSafeEqual(given, wanted);
  const { port } = new URL(workspace.address());
  const origins = ["127.0.0.1", "localhost", "[::1]"].map(
    (host) => `http://${host}${port === "" ? "" : `:${port}`}`,
  );
  return hasKey && origins.includes(headers["origin"] ?? "");
}

function clickOf({ body }: ServiceRequest): Click {
  const asked = parseJson(body.toString("utf8"));
  return {
    user: textAt(asked, "user"),
    channel: textAt(asked, "channel"),
    ts: textAt(asked, "ts"),
    actionId: textAt(asked, "actionId"),
  };
}

function json(status: number, body: object): ServiceResponse {
  return {
    status,
    headers: {
      "content-type": "application/json; charset=utf-8",
      "cache-control": "no-store",
      "x-content-type-options": "nosniff",
    },
    body: JSON.stringify(body),
  };
}
