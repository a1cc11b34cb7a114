import { startGateway, type Gateway, type Intercept } from "../gateway.ts";
import { functionUrlPath, type Lambda } from "../lambda/lambda.ts";
import type { Service } from "../service.ts";

export interface CallbackDoor extends Gateway {
  /** What follows the address of the tunnel in the Interactivity URL. */
  readonly path: string;
}

export interface CallbackDoorOptions {
  readonly lambda: Lambda;
  /** Name of the function behind the URL. */
  readonly callback: string;
  readonly port: number;
  readonly intercept: Intercept;
}

/** What a function URL takes (Lambda quotas, invocation payload: 6 MB). */
const maxBytes = 6 * 1024 * 1024;

/**
 * An address of its own for the user's tunnel. Whoever comes through it is anybody on the internet,
 * so it leads to the one function URL that checks Slack's signature, and to nothing else of the
 * cloud: not to its table, its secrets or its other functions.
 */
export async function openCallbackDoor({
  lambda,
  callback,
  port,
  intercept,
}: CallbackDoorOptions): Promise<CallbackDoor> {
  const gateway = await startGateway({
    services: () => [callbackOnly(lambda, callback)],
    port,
    intercept,
    maxBytes,
  });
  return { ...gateway, path: functionUrlPath(callback) };
}

function callbackOnly(lambda: Lambda, callback: string): Service {
  const prefix = functionUrlPath(callback).replace(/\/$/, "");
  return {
    name: "lambda",
    prefixes: [{ prefix, strip: true }],
    operation: () => undefined,
    handle: (request) => {
      if (request.method !== "POST" || request.path !== "/") {
        return Promise.resolve({ status: 404, body: "" });
      }
      return lambda.handle({ ...request, path: functionUrlPath(callback) });
    },
    close: () => Promise.resolve(),
  };
}
