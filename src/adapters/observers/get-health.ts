import { lineOf } from "../../domain/cause-text.ts";
import type { ObserverAnswer } from "../../domain/observation.ts";
import type { ObserverClients } from "./observer-clients.ts";
import { unclear } from "./unclear.ts";

/** Milliseconds, with all redirects. */
const timeout = 5_000;
const maxRedirects = 3;
/** Of the body, which is shown where it says what is wrong. */
const maxBytes = 1_024;
const maxShown = 200;

/**
 * A GET without credentials. It follows redirects within the same origin only: another host would
 * speak for somebody else.
 */
export async function getHealth(
  url: string,
  { fetch: fetchUrl, patience }: Pick<ObserverClients, "fetch" | "patience">,
): Promise<ObserverAnswer> {
  const signal = AbortSignal.timeout(timeout * patience);
  const asked = new URL(url);
  try {
    return await follow(asked, { fetchUrl, signal, left: maxRedirects });
  } catch (error) {
    return unclear(withoutQuery(asked), error);
  }
}

/** For reasons, which are kept and shown: what stands behind may be a token. */
function withoutQuery({ origin, pathname }: URL): string {
  return `${origin}${pathname}`;
}

interface Request {
  readonly fetchUrl: typeof fetch;
  readonly signal: AbortSignal;
  /** How many more redirects are followed. */
  readonly left: number;
}

async function follow(url: URL, { fetchUrl, signal, left }: Request): Promise<ObserverAnswer> {
  const response = await fetchUrl(url, { redirect: "manual", signal });
  const { status } = response;
  const where = withoutQuery(url);
  const location = response.headers.get("location");
  if (status >= 300 && status < 400 && location !== null) {
    await response.body?.cancel();
    const next = new URL(location, url);
    if (next.origin !== url.origin) {
      const elsewhere = `${where} redirects to another host (${next.origin}), which is not asked`;
      return { kind: "unclear", reason: elsewhere };
    }
    if (left === 0) return { kind: "unclear", reason: `${where} redirects too often` };
    return follow(next, { fetchUrl, signal, left: left - 1 });
  }
  if (response.ok) {
    await response.body?.cancel();
    return { kind: "well", reason: `${where} answers ${status}` };
  }
  // The status says enough, should the rest not come.
  const said = await beginningOf(response).catch(() => "");
  const reason = `${where} answers ${status}${said === "" ? "" : `: ${said}`}`;
  // The service is busy with others, or asks for patience.
  return { kind: status === 429 ? "unclear" : "unwell", reason };
}

/** Never more than is shown, however much is sent. */
async function beginningOf({ body }: Response): Promise<string> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of body ?? []) {
    chunks.push(chunk as Uint8Array);
    length += (chunk as Uint8Array).length;
    if (length >= maxBytes) break;
  }
  const text = Buffer.concat(chunks).subarray(0, maxBytes).toString("utf8");
  return lineOf(text, maxShown);
}
