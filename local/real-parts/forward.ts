import type { ServiceResponse } from "../service.ts";

export interface Forwarded {
  /** For people: `Slack`. */
  readonly part: string;
  readonly url: URL;
  readonly init: {
    readonly method: string;
    readonly headers: Readonly<Record<string, string>>;
    readonly body?: Uint8Array;
  };
}

/** Longer than any function waits, so that a function sees its own time-out. */
const patience = 15_000;

/**
 * Sends a request on and gives the answer back. That nothing answers is a 503 in the form of an AWS
 * error, which every client takes as "later".
 */
export async function forward({ part, url, init }: Forwarded): Promise<ServiceResponse> {
  try {
    const { body, ...head } = init;
    const response = await fetch(url, {
      ...head,
      ...(body && body.byteLength > 0 ? { body: new Uint8Array(body) } : {}),
      redirect: "manual",
      signal: AbortSignal.timeout(patience),
    });
    return {
      status: response.status,
      headers: passedOn(response.headers),
      body: new Uint8Array(await response.arrayBuffer()),
    };
  } catch (error) {
    return awsError(503, {
      code: "ServiceUnavailable",
      message: `the real ${part} at ${url.origin} cannot be reached: ${codeOf(error)}`,
    });
  }
}

/** Lengths and encodings are those of the other connection. */
const kept = ["content-type", "retry-after", "x-amzn-errortype", "x-amzn-requestid"];

function passedOn(headers: Headers): Record<string, string> {
  return Object.fromEntries(
    kept.flatMap((name) => {
      const value = headers.get(name);
      return value === null ? [] : [[name, value]];
    }),
  );
}

/** Only names and codes: Node's fetch quotes a header that it cannot send, and headers hold tokens. */
function codeOf(error: unknown): string {
  const cause: unknown = error instanceof Error ? (error.cause ?? error) : error;
  if (!(cause instanceof Error)) return "an unknown error";
  return "code" in cause && typeof cause.code === "string" ? cause.code : cause.name;
}

/**
 * An error as AWS JSON services answer it; `errors` besides, which clients of the distribution API
 * show.
 */
export function awsError(
  status: number,
  { code, message }: { readonly code: string; readonly message: string },
): ServiceResponse {
  return {
    status,
    headers: { "content-type": "application/x-amz-json-1.1", "x-amzn-errortype": code },
    body: JSON.stringify({ __type: code, message, errors: [{ code: "DENIED", message }] }),
  };
}
