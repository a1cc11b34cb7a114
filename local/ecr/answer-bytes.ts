import type { ServiceRequest, ServiceResponse } from "../service.ts";

/**
 * Answers GET and HEAD of stored bytes, whole or the one range that was asked for (RFC 9110,
 * section 14).
 */
export function answerBytes(
  request: Pick<ServiceRequest, "method" | "headers">,
  bytes: Buffer,
  headers: Readonly<Record<string, string>>,
): ServiceResponse {
  const range = requestedRange(request.headers["range"], bytes.length);
  if (range === "unsatisfiable") {
    return { status: 416, headers: { ...headers, "content-range": `bytes */${bytes.length}` } };
  }
  const part = range ? bytes.subarray(range.first, range.last + 1) : bytes;
  const whole = { ...headers, "accept-ranges": "bytes", "content-length": String(part.length) };
  const partial = range && {
    "content-range": `bytes ${range.first}-${range.last}/${bytes.length}`,
  };
  const body = request.method === "HEAD" ? undefined : part;
  return { status: range ? 206 : 200, headers: { ...whole, ...partial }, ...(body && { body }) };
}

interface Range {
  readonly first: number;
  readonly last: number;
}

/** A header that is not one plain byte range is ignored, as the RFC allows. */
function requestedRange(
  header: string | undefined,
  size: number,
): Range | "unsatisfiable" | undefined {
  const [, from, to] = /^bytes=(\d*)-(\d*)$/.exec(header ?? "") ?? [];
  if (from === undefined || to === undefined || (from === "" && to === "")) return undefined;
  const first = from === "" ? Math.max(0, size - Number(to)) : Number(from);
  const last = from === "" || to === "" ? size - 1 : Math.min(Number(to), size - 1);
  return first < size && first <= last ? { first, last } : "unsatisfiable";
}
