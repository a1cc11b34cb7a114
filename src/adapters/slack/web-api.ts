import * as z from "zod";
import {
  isTokenRefused,
  translateError,
  translateFailure,
  translateStatus,
} from "./translate-error.ts";

export interface WebApiOptions {
  /**
   * Read for each call, so that a rotated token is taken up. With `refused`, one that Slack did not
   * take: another one, if there is.
   */
  readonly token: (refused?: string) => Promise<string>;
  readonly fetch: typeof fetch;
  /** `https://slack.com/api` */
  readonly baseUrl: string;
  /** How many times as long as usual an answer may take. */
  readonly patience: number;
}

/**
 * Methods of the Web API: those that write take JSON, those that read a query. Errors leave
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
const usual = 3_000;

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

interface Call {
  readonly method: string;
  readonly query: string;
  readonly init: {
    readonly method: string;
    readonly headers: Readonly<Record<string, string>>;
    readonly body?: string;
  };
}

/**
 * A token that Slack does not take may have been rotated since it was read, so the call is made
 * once more with another one, if there is.
 */
async function call<Answer>(
  options: WebApiOptions,
  what: Call,
  answer: z.ZodType<Answer>,
): Promise<Answer> {
  const token = await options.token();
  return callWith(token, { options, what, answer }).catch(async (error: unknown) => {
    const other = isTokenRefused(error) ? await options.token(token) : token;
    if (other === token) throw error;
    return callWith(other, { options, what, answer });
  });
}

interface Calling<Answer> {
  readonly options: WebApiOptions;
  readonly what: Call;
  readonly answer: z.ZodType<Answer>;
}

async function callWith<Answer>(
  token: string,
  { options, what: { method, query, init }, answer }: Calling<Answer>,
): Promise<Answer> {
  const authorization = `Bearer ${token.trim()}`;
  const url = `${options.baseUrl.replace(/\/$/, "")}/${method}${query}`;
  const request = {
    ...init,
    headers: { ...init.headers, authorization },
    redirect: "error",
    signal: AbortSignal.timeout(usual * options.patience),
  } as const;
  const response = await options.fetch(url, request).catch((error: unknown) => {
    throw translateFailure(method, error);
  });
  if (response.status !== 200) throw await refusal(method, response);
  return checked(method, await jsonOf(method, response), answer);
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
function checked<Answer>(method: string, body: unknown, answer: z.ZodType<Answer>): Answer {
  const failed = failure.safeParse(body);
  if (failed.success) throw translateError(method, failed.data.error);
  const understood = answer.safeParse(body);
  if (understood.success) return understood.data;
  throw translateError(method, "an answer of another form");
}
