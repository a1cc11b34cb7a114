import { randomUUID } from "node:crypto";
import type { JsonObject, Json } from "../json-value.ts";
import type { ServiceRequest, ServiceResponse } from "../service.ts";
import { unsupported } from "../unsupported.ts";
import { blockFaults } from "./block-faults.ts";
import { withIds } from "./message-store.ts";
import { argumentsOf, structured } from "./method-arguments.ts";
import type { Workspace } from "./workspace.ts";

/**
 * The addresses handed out with interactions
 * (https://docs.slack.dev/interactivity/handling-user-interaction#message_responses).
 */
export interface ResponseUrls {
  issue(source: Source): string;
  respond(path: string, request: ServiceRequest): ServiceResponse;
  channelOf(path: string): string | undefined;
}

export interface Source {
  readonly channel: string;
  readonly ts: string;
  readonly user: string;
}

interface IssuedUrl extends Source {
  readonly expires: number;
  readonly uses: number;
}

const lifetime = 30 * 60_000;
const maxUses = 5;

export function createResponseUrls(workspace: Workspace): ResponseUrls {
  const issued = new Map<string, IssuedUrl>();
  return {
    issue(source) {
      const path = `/actions/${workspace.teamId}/${randomUUID()}`;
      issued.set(path, { ...source, expires: workspace.now() + lifetime, uses: 0 });
      return `${workspace.address()}${path}`;
    },
    channelOf: (path) => issued.get(path)?.channel,
    respond(path, request) {
      const source = issued.get(path);
      if (!source) return plain(404, "invalid_url");
      if (workspace.now() > source.expires) return plain(404, "expired_url");
      if (source.uses >= maxUses) return plain(404, "used_url");
      issued.set(path, { ...source, uses: source.uses + 1 });
      const args = argumentsOf(request);
      return args === undefined ? plain(500, "invalid_payload") : respond(workspace, source, args);
    },
  };
}

function plain(status: number, body: string): ServiceResponse {
  return { status, headers: { "content-type": "text/plain; charset=utf-8" }, body };
}

/** The answer is for the person who clicked, and nobody else. */
function respond(workspace: Workspace, source: Source, args: JsonObject): ServiceResponse {
  const feature = unsupportedFeature(args);
  if (feature !== undefined) return plain(500, unsupported(feature));
  const blocks = structured(args["blocks"]);
  const list: readonly Json[] = Array.isArray(blocks) ? blocks : [];
  if (blockFaults(list).length > 0) return plain(500, "invalid_blocks");
  if (list.length === 0 && args["text"] === undefined) return plain(500, "no_text");
  workspace.messages.add({
    channel: source.channel,
    body: {
      user: workspace.botUserId,
      bot_id: workspace.botId,
      text: args["text"] ?? "",
      ...(list.length > 0 ? { blocks: withIds(list) } : {}),
    },
    threadTs: typeof args["thread_ts"] === "string" ? args["thread_ts"] : undefined,
    onlyFor: source.user,
  });
  return plain(200, "ok");
}

function unsupportedFeature(args: JsonObject): string | undefined {
  const isTrue = (key: string): boolean => args[key] === true || args[key] === "true";
  return (
    ["delete_original", "replace_original"].find(isTrue) ??
    (args["response_type"] === "in_channel" ? "response_type in_channel" : undefined)
  );
}
