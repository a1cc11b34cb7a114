import * as z from "zod";

/** An HTTP request as a function URL hands it over. */
export interface FunctionUrlRequest {
  readonly kind: "request";
  readonly method: string;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  /** The very bytes that were sent. */
  readonly body: Buffer;
}

/** Source: Lambda developer guide, "Invoking Lambda function URLs", payload format 2.0. */
const event = z.object({
  headers: z.record(z.string(), z.string()),
  requestContext: z.object({ http: z.object({ method: z.string() }) }),
  body: z.string().optional(),
  isBase64Encoded: z.boolean(),
});

/** Forms arrive in base64; a signature is over the bytes before. */
export function parseFunctionUrlEvent(
  input: unknown,
): FunctionUrlRequest | { readonly kind: "refusal"; readonly reason: string } {
  const read = event.safeParse(input);
  if (!read.success) {
    return {
      kind: "refusal",
      reason: `the event is not a request to a function URL: ${z.prettifyError(read.error)}`,
    };
  }
  const { headers, requestContext, body = "", isBase64Encoded } = read.data;
  const lowerCase = Object.fromEntries(
    Object.entries(headers).map(([name, text]) => [name.toLowerCase(), text]),
  );
  return {
    kind: "request",
    method: requestContext.http.method,
    headers: lowerCase,
    body: Buffer.from(body, isBase64Encoded ? "base64" : "utf8"),
  };
}
