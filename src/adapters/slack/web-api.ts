import * as z from "zod";
import {
  isTokenRefused,
  translateError,
  translateFailure,
  translateStatus,
} from "./translate-error.ts";

export interface WebApiOptions {
  /**
   * Read for each call, so that a rotated token is taken up. With `refused`, a token that Slack did
   * not accept: another one, if there is one.
   */
  readonly token: (refused?: string) => Promise<string>;
  readonly fetch: typeof fetch;
  /** `https://slack.com/api` */
  readonly baseUrl: string;
  /** The factor by which an answer may take longer than usual. */
  readonly patience: number;
}

/**
 * Methods of the Web API: those that write take JSON, those that read a query. Errors are
 * translated.
 */
export interface WebApi {
  write<Answer>(method: string, body: object, answer: z.ZodType<Answer>): Promise<Answer>;
  read<Answer>(
    method: string,
    query: Readonly<Record<string, string>>,
    answer: z.ZodType<Answer>,
  ): Promise<Answer>;
}

/** Milliseconds. */
const timeout = 3_000;

export function slackWebApi(options: WebApiOptions): WebApi {
  return {
    write: (method, body, answer) => {
      const headers = { "content-type": "application/json; charset=utf-8" };
      return call(
        options,
        { method, query: "", init: { method: "POST", headers, body: JSON.stringify(body) } },
        answer,
      );
    },
    read: (method, query, answer) =>
      call(
        options,
        {
          method,
          query: `?${new URLSearchParams(query).toString()}`,
          init: { method: "GET", headers: {} },
        },
        answer,
      ),
  };
}

interface ApiCall {
  readonly method: string;
  readonly query: string;
  readonly init: {
    readonly method: string;
    readonly headers: Readonly<Record<string, string>>;
    readonly body?: string;
  };
}

/**
 * A token that Slack does not accept may have been rotated since it was read, so the call is
 * retried with another one, if there is one.
 */
async function call<Answer>(
  options: WebApiOptions,
  what: ApiCall,
  answer: z.ZodType<Answer>,
): Promise<Answer> {
  const token = await options.token();
  const attempt = async (by: string): Promise<Answer> =>
    parseAnswer(what.method, await send(by, what, options), answer);
  return attempt(token).catch(async (error: unknown) => {
    const other = isTokenRefused(error) ? await options.token(token) : token;
    if (other === token) throw error;
    return attempt(other);
  });
}

async function send(
  token: string,
  { method, query, init }: ApiCall,
  options: WebApiOptions,
): Promise<unknown> {
  const authorization = `Bearer ${token.trim()}`;
  const url = `${options.baseUrl.replace(/\/$/, "")}/${method}${query}`;
  const request = {
    ...init,
    headers: { ...init.headers, authorization },
    redirect: "error",
    signal: AbortSignal.timeout(timeout * options.patience),
  } as const;
  const response = await options.fetch(url, request).catch((error: unknown) => {
    throw translateFailure(method, error);
  });
  if (response.status !== 200) throw await refusal(method, response);
  return jsonOf(method, response);
}

async function refusal(method: string, response: Response): Promise<Error> {
  await response.body?.cancel();
  return translateStatus(method, response);
}

async function jsonOf(method: string, response: Response): Promise<unknown> {
  try {
    return await response.json();
  } catch (error) {
    throw translateFailure(method, error);
  }
}

const failure = z.object({ ok: z.literal(false), error: z.string() });

/** Errors come as HTTP 200 with `ok: false` (docs.slack.dev, "Evaluating responses"). */
function parseAnswer<Answer>(method: string, body: unknown, answer: z.ZodType<Answer>): Answer {
  const failed = failure.safeParse(body);
  if (failed.success) throw translateError(method, failed.data.error);
  const understood = answer.safeParse(body);
  if (understood.success) return understood.data;
  throw translateError(method, "a malformed answer");
}
