import { invalidToken } from "./api-error.ts";

export interface PageRequest {
  readonly maxResults?: number | null | undefined;
  readonly nextToken?: string | null | undefined;
}

export interface Page<T> {
  readonly items: readonly T[];
  readonly nextToken?: string;
}

/**
 * A page of a list; its token names the last item of the page before, so that what is added at the
 * front moves nothing.
 */
export function page<T>(
  items: readonly T[],
  keyOf: (item: T) => string,
  { maxResults, nextToken }: PageRequest,
): Page<T> {
  const size = maxResults === 0 ? 100 : (maxResults ?? 100);
  const start = nextToken ? indexAfter(items.map(keyOf), nextToken) : 0;
  const shown = items.slice(start, start + size);
  const last = shown.at(-1);
  if (last === undefined || start + size >= items.length) return { items: shown };
  return { items: shown, nextToken: Buffer.from(`after ${keyOf(last)}`).toString("base64url") };
}

function indexAfter(keys: readonly string[], token: string): number {
  const text = Buffer.from(token, "base64url").toString("utf8");
  const index = text.startsWith("after ") ? keys.indexOf(text.slice("after ".length)) : -1;
  if (index < 0) throw invalidToken();
  return index + 1;
}
