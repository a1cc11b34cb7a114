import { unmetConstraint } from "./ecr-fault.ts";

export interface Page<T> {
  readonly items: readonly T[];
  readonly nextToken?: string;
}

/** The members that every listing of the API has. */
export interface PageRequest {
  readonly maxResults?: number | undefined;
  readonly nextToken?: string | undefined;
}

/** The token names the position, opaque to the caller as the API reference demands. */
export function page<T>(all: readonly T[], request: PageRequest, byDefault: number): Page<T> {
  const start = request.nextToken === undefined ? 0 : position(request.nextToken);
  const end = start + (request.maxResults ?? byDefault);
  const items = all.slice(start, end);
  return end < all.length ? { items, nextToken: token(end) } : { items };
}

function token(at: number): string {
  return Buffer.from(`at:${at}`).toString("base64url");
}

function position(nextToken: string): number {
  const at = /^at:(\d+)$/.exec(Buffer.from(nextToken, "base64url").toString("utf8"))?.[1];
  if (at === undefined) throw unmetConstraint("nextToken", "Invalid pagination token");
  return Number(at);
}
