import type { JsonObject } from "../json-value.ts";
import type { ServiceRequest, ServiceResponse } from "../service.ts";
import { deleteMessage, postEphemeral, postMessage, updateMessage } from "./chat-methods.ts";
import { history, listChannels, replies } from "./conversation-methods.ts";
import { argument, argumentsOf } from "./method-arguments.ts";
import { done, failed, type Method, type MethodResult } from "./method.ts";
import type { Workspace } from "./workspace.ts";

const methods: ReadonlyMap<string, Method> = new Map(
  Object.entries<Method>({
    "auth.test": authTest,
    "users.info": userInfo,
    "chat.postMessage": postMessage,
    "chat.postEphemeral": postEphemeral,
    "chat.update": updateMessage,
    "chat.delete": deleteMessage,
    "chat.getPermalink": permalink,
    "conversations.list": listChannels,
    "conversations.history": history,
    "conversations.replies": replies,
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
  return answer(methods.get(method)?.(workspace, args) ?? failed("unknown_method"));
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

function userInfo({ users, teamId }: Workspace, args: JsonObject): MethodResult {
  const user = users.find((it) => it.id === argument(args, "user"));
  if (!user) return failed("user_not_found");
  const profile = { real_name: user.name, display_name: user.name };
  return done({
    user: {
      id: user.id,
      team_id: teamId,
      name: user.name,
      real_name: user.name,
      deleted: false,
      is_bot: false,
      tz: "Etc/UTC",
      profile,
    },
  });
}

function permalink({ messages, channels, address }: Workspace, args: JsonObject): MethodResult {
  const channel = argument(args, "channel");
  const ts = argument(args, "message_ts");
  if (!channels.some((it) => it.id === channel)) return failed("channel_not_found");
  if (!messages.find(channel, ts)) return failed("message_not_found");
  return done({ channel, permalink: `${address()}/archives/${channel}/p${ts.replace(".", "")}` });
}
