import type { JsonObject } from "../json-value.ts";
import type { ServiceRequest, ServiceResponse } from "../service.ts";
import { unsupported } from "../unsupported.ts";
import { deleteMessage, postMessage, updateMessage } from "./chat-methods.ts";
import { history, listChannels } from "./conversation-methods.ts";
import { argumentsOf } from "./method-arguments.ts";
import { done, failed, type Method, type MethodResult } from "./method.ts";
import type { Workspace } from "./workspace.ts";

const methods: ReadonlyMap<string, Method> = new Map(
  Object.entries<Method>({
    "auth.test": authTest,
    "chat.postMessage": postMessage,
    "chat.update": updateMessage,
    "chat.delete": deleteMessage,
    "conversations.list": listChannels,
    "conversations.history": history,
  }),
);

/** One call of `/api/<method>`, with its arguments in the query, a form or JSON. */
export function callMethod(
  workspace: Workspace,
  method: string,
  request: ServiceRequest,
): ServiceResponse {
  const args = argumentsOf(request);
  if (args === undefined) return answer(failed("invalid_json"));
  const token = tokenOf(request, args);
  if (token === undefined) return answer(failed("not_authed"));
  if (token !== workspace.botToken) return answer(failed("invalid_auth"));
  return answer(methods.get(method)?.(workspace, args) ?? unknown(method));
}

function unknown(method: string): MethodResult {
  return failed("unknown_method", [unsupported(`slack:${method}`)]);
}

/** A token in JSON does not count: https://docs.slack.dev/apis/web-api/#post_bodies */
function tokenOf({ headers }: ServiceRequest, args: JsonObject): string | undefined {
  const bearer = /^Bearer (\S+)$/i.exec(headers["authorization"] ?? "")?.[1];
  const isJson = (headers["content-type"] ?? "").includes("json");
  return bearer ?? (!isJson && typeof args["token"] === "string" ? args["token"] : undefined);
}

function answer(result: MethodResult): ServiceResponse {
  const headers = { "content-type": "application/json; charset=utf-8" };
  if (result.kind === "ok") {
    return { status: 200, headers, body: JSON.stringify({ ok: true, ...result.body }) };
  }
  const { error, errors } = result;
  const told = errors
    ? { errors, response_metadata: { messages: errors.map((text) => `[ERROR] ${text}`) } }
    : {};
  return { status: 200, headers, body: JSON.stringify({ ok: false, error, ...told }) };
}

function authTest({ teamId, botUserId, botId, address }: Workspace): MethodResult {
  return done({
    url: `${address()}/`,
    team: "Local",
    user: "promoter",
    team_id: teamId,
    user_id: botUserId,
    bot_id: botId,
    is_enterprise_install: false,
  });
}
