import type { Service, ServiceRequest } from "../service.ts";
import { forward } from "./forward.ts";
import type { RealSlack } from "./real-parts.ts";

/**
 * The user's own workspace in place of the simulated one: calls of the Web API are sent on, the
 * page and its buttons are gone.
 */
export function realSlack(simulated: Service, { api }: RealSlack): Service {
  return {
    ...simulated,
    handle(request) {
      const method = /^\/api\/([\w.]+)$/.exec(request.path)?.[1];
      if (method === undefined || request.caller.role === undefined) {
        return Promise.resolve({
          status: 404,
          body: "Slack is a real workspace here: look and answer there\n",
        });
      }
      return forward({
        part: "Slack",
        url: methodUrl(api, { method, query: request.query }),
        init: initOf(request),
      });
    },
  };
}

function methodUrl(
  api: string,
  { method, query }: { readonly method: string; readonly query: URLSearchParams },
): URL {
  const url = new URL(`${api.replace(/\/$/, "")}/${method}`);
  url.search = query.toString();
  return url;
}

function initOf({ method, headers, body }: ServiceRequest): {
  method: string;
  headers: Record<string, string>;
  body: Uint8Array;
} {
  const sent = ["authorization", "content-type"].flatMap((name) =>
    headers[name] === undefined ? [] : [[name, headers[name]]],
  );
  return { method, headers: Object.fromEntries(sent), body };
}
