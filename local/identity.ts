import type { Service } from "./service.ts";

/**
 * `GET /_local/process` tells which process this cloud is, so that nobody takes another program on
 * the same port for it.
 */
export function createIdentity(): Service {
  return {
    name: "identity",
    prefixes: [{ prefix: "/_local/process", strip: true }],
    operation: () => undefined,
    handle: () =>
      Promise.resolve({
        status: 200,
        headers: { "content-type": "application/json" },
        body: JSON.stringify({ pid: process.pid }),
      }),
    close: () => Promise.resolve(),
  };
}
