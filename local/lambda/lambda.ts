import type { Clock } from "../clock.ts";
import type { LambdaReply, TimeLimit } from "../invocation.ts";
import type { Service, ServiceRequest, ServiceResponse } from "../service.ts";
import { createTurns } from "../turns.ts";
import { unsupported } from "../unsupported.ts";
import { createAsyncInvocations, type AsyncOptions } from "./async-invocations.ts";
import type { FunctionPool } from "./function-pool.ts";
import type { FunctionSettings } from "./sandbox.ts";

export interface DeployedFunction {
  readonly settings: FunctionSettings;
  readonly pool: FunctionPool;
}

export interface LambdaOptions {
  readonly functions: readonly DeployedFunction[];
  /** Names of the functions that have a URL. */
  readonly urls: readonly string[];
  readonly clock: Clock;
  readonly track: <T>(work: Promise<T>) => Promise<T>;
  readonly sendRecord: AsyncOptions["send"];
}

export interface Lambda extends Service {
  /**
   * By name or ARN: at once for a person, and in its turn for the state machine, whose time limit
   * rests until then.
   */
  invoke(nameOrArn: string, payload: unknown, timeLimit?: TimeLimit): Promise<LambdaReply>;
  /**
   * Takes an event, as Lambda does from services: it tries and repeats by itself. false: there is
   * no such function.
   */
  accept(nameOrArn: string, payload: unknown): boolean;
}

const invocation = /^\/2015-03-31\/functions\/([^/]+)\/invocations$/;
const urlPrefix = "/_functions";

/**
 * All functions share one processor with the services that they call. When more than a few are
 * under way, none of their calls is answered within the patience of its client, each is made again,
 * and nothing is ever done. A burst waits here instead; people do not.
 */
const maxAtOnce = 16;

/** Path of a function's URL on the address of the cloud. */
export function functionUrlPath(name: string): string {
  return `${urlPrefix}/${name}/`;
}

/** Lambda: the Invoke API, and function URLs. */
export function createLambda({ functions, urls, clock, track, sendRecord }: LambdaOptions): Lambda {
  const find = (nameOrArn: string): DeployedFunction | undefined =>
    functions.find(({ settings: { name, arn } }) => nameOrArn === name || nameOrArn === arn);
  const turns = createTurns(maxAtOnce);
  const invoke: Lambda["invoke"] = async (nameOrArn, payload, timeLimit) => {
    const found = find(nameOrArn);
    if (!found) {
      return {
        kind: "error",
        errorType: "Lambda.ResourceNotFoundException",
        errorMessage: `Function not found: ${nameOrArn}`,
      };
    }
    if (!timeLimit) return track(found.pool.invoke(payload));
    timeLimit.rest();
    return track(
      turns.take(() => {
        timeLimit.run();
        return found.pool.invoke(payload);
      }),
    );
  };
  const queue = createAsyncInvocations({ clock, track, send: sendRecord });
  const accept = (nameOrArn: string, payload: unknown): boolean => {
    const found = find(nameOrArn);
    if (found) {
      queue.accept(
        {
          settings: found.settings,
          pool: {
            invoke: (event, requestId) => turns.take(() => found.pool.invoke(event, requestId)),
          },
        },
        payload,
      );
    }
    return found !== undefined;
  };
  return {
    name: "lambda",
    endpointVariable: "AWS_ENDPOINT_URL_LAMBDA",
    signingNames: ["lambda"],
    prefixes: [{ prefix: urlPrefix, strip: false }],
    operation: (request) => operationOf(request, find),
    async handle(request) {
      if (request.path.startsWith(urlPrefix)) return answerUrl(request, { urls, invoke });
      const name = invokedName(request.path);
      return name === undefined
        ? notSimulated(`${request.method} ${request.path} of Lambda`)
        : answerInvoke(request, { name, invoke, accept, exists: find(name) !== undefined });
    },
    invoke,
    accept,
    async close() {
      queue.close();
      await Promise.all(functions.map(({ pool }) => pool.close()));
    },
  };
}

function operationOf(
  { path }: ServiceRequest,
  find: (name: string) => DeployedFunction | undefined,
): { action: string; resources: string[]; access: "write" } | undefined {
  const name = invokedName(path);
  return name === undefined
    ? undefined
    : {
        action: "lambda:InvokeFunction",
        resources: [find(name)?.settings.arn ?? name],
        access: "write",
      };
}

function invokedName(path: string): string | undefined {
  const [, name] = invocation.exec(path) ?? [];
  return name === undefined ? undefined : decodeURIComponent(name);
}

function notSimulated(what: string): ServiceResponse {
  return {
    status: 501,
    headers: { "x-amzn-errortype": "NotImplementedException" },
    body: JSON.stringify({ Type: "User", Message: unsupported(what) }),
  };
}

interface Invocation extends Pick<Lambda, "invoke" | "accept"> {
  /** Name or ARN. */
  readonly name: string;
  readonly exists: boolean;
}

/**
 * Lambda API reference, Invoke: a function error is HTTP 200 with X-Amz-Function-Error; an event is
 * taken with 202.
 */
async function answerInvoke(
  { headers, body }: ServiceRequest,
  { name, exists, invoke, accept }: Invocation,
): Promise<ServiceResponse> {
  if (!exists) {
    return {
      status: 404,
      headers: { "x-amzn-errortype": "ResourceNotFoundException" },
      body: JSON.stringify({ Type: "User", Message: `Function not found: ${name}` }),
    };
  }
  const payload: unknown = body.length > 0 ? JSON.parse(body.toString("utf8")) : {};
  const { "x-amz-invocation-type": type } = headers;
  if (type === "DryRun") return notSimulated("DryRun");
  if (type === "Event") {
    accept(name, payload);
    return { status: 202 };
  }
  const reply = await invoke(name, payload);
  if (reply.kind === "ok") {
    return {
      status: 200,
      headers: { "content-type": "application/json" },
      body: JSON.stringify(reply.payload),
    };
  }
  const { errorType, errorMessage, trace } = reply;
  return {
    status: 200,
    headers: { "content-type": "application/json", "x-amz-function-error": "Unhandled" },
    body: JSON.stringify({ errorType, errorMessage, trace }),
  };
}

/** Payload format 2.0; forms arrive in base64, as captured from real function URLs. */
async function answerUrl(
  request: ServiceRequest,
  { urls, invoke }: { readonly urls: readonly string[]; readonly invoke: Lambda["invoke"] },
): Promise<ServiceResponse> {
  const [name = "", ...rest] = request.path.slice(urlPrefix.length + 1).split("/");
  if (!urls.includes(name)) return { status: 403, body: JSON.stringify({ Message: "Forbidden" }) };
  const rawPath = `/${rest.join("/")}`;
  const event = {
    version: "2.0",
    rawPath,
    rawQueryString: request.query.toString(),
    headers: request.headers,
    isBase64Encoded: true,
    requestContext: { http: { method: request.method, path: rawPath, sourceIp: "127.0.0.1" } },
    body: request.body.toString("base64"),
  };
  const reply = await invoke(name, event);
  if (reply.kind === "error") return { status: 502, body: "Internal Server Error" };
  return urlResponse(reply.payload);
}

function urlResponse(payload: unknown): ServiceResponse {
  const answer: Readonly<Record<string, unknown>> =
    typeof payload === "object" && payload !== null ? { ...payload } : {};
  const status = typeof answer["statusCode"] === "number" ? answer["statusCode"] : undefined;
  if (status === undefined) {
    return {
      status: 200,
      headers: { "content-type": "application/json" },
      body: JSON.stringify(payload),
    };
  }
  return {
    status,
    headers: { "content-type": "text/plain; charset=utf-8" },
    body: typeof answer["body"] === "string" ? answer["body"] : "",
  };
}
