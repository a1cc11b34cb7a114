export interface Page<T> {
  readonly items: readonly T[];
  readonly nextToken?: string;
}

export interface PageRequest {
  readonly maxResults?: number | undefined;
  readonly nextToken?: string | undefined;
}

/** Undefined for a token that is not one of ours; a token names the position, opaque to the caller. */
export function pageOf<T>(
  all: readonly T[],
  request: PageRequest,
  defaultSize: number,
): Page<T> | undefined {
  const start = request.nextToken === undefined ? 0 : position(request.nextToken);
  if (start === undefined) return undefined;
  const end = start + (request.maxResults ?? defaultSize);
  const items = all.slice(start, end);
  return end < all.length ? { items, nextToken: token(end) } : { items };
}

function token(at: number): string {
  return Buffer.from(`at:${at}`).toString("base64url");
}

function position(nextToken: string): number | undefined {
  const at = /^at:(\d+)$/.exec(Buffer.from(nextToken, "base64url").toString("utf8"))?.[1];
  return at === undefined ? undefined : Number(at);
}
