import { Readable } from "node:stream";
import type { Dynalite } from "dynalite";
import type { ServiceRequest, ServiceResponse } from "../service.ts";

export type DynaliteCall = Pick<ServiceRequest, "method" | "path" | "headers" | "body">;

/**
 * Hands a request to dynalite within this process. A second socket would cost time on every call,
 * and dynalite throws out of its own event handler, which ends the process, when a client goes away
 * (`req.on('error', …)` in its index.js).
 */
export function callDynalite(
  dynalite: Dynalite,
  { method, path, headers, body }: DynaliteCall,
): Promise<ServiceResponse> {
  const request = Object.assign(Readable.from([body], { objectMode: false }), {
    method,
    url: path,
    headers,
  });
  return new Promise((resolve) => {
    const answered: Record<string, string> = {};
    const response = {
      statusCode: 200,
      setHeader: (name: string, value: string | number) =>
        void (answered[name.toLowerCase()] = String(value)),
      end: (text = "") => resolve({ status: response.statusCode, headers: answered, body: text }),
    };
    dynalite.emit("request", request, response);
  });
}
