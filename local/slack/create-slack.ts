import type { JsonObject } from "../json-value.ts";
import type { CloudContext, Operation, Service, ServiceRequest } from "../service.ts";
import { type Click, clickButton, type ClickOutcome, type Clicker } from "./click-button.ts";
import { createMessageStore, type SlackChannel, type SlackUser } from "./message-store.ts";
import { argument, argumentsOf } from "./method-arguments.ts";
import { createPageRoutes } from "./page-routes.ts";
import { createResponseUrls, type ResponseUrls } from "./response-url.ts";
import { callMethod } from "./web-api.ts";
import type { Workspace } from "./workspace.ts";

export interface SlackOptions {
  readonly botToken: string;
  readonly signingSecret: string;
  /** Where clicks are sent; asked at each click. */
  readonly interactivityUrl: () => string;
  readonly users: readonly SlackUser[];
  readonly channels: readonly SlackChannel[];
  readonly appId?: string;
  readonly teamId?: string;
  /** Milliseconds of real time that the app has to answer a click: 3,000, as at Slack. */
  readonly respondWithin?: number;
}

export interface Slack extends Service {
  /**
   * Presses a button as a person does on the page: the same signed request, and no other way into
   * the app.
   */
  click(click: Click): Promise<ClickOutcome>;
  /** The messages of a channel, oldest first, replies and ephemeral ones included. */
  messages(channel: string): readonly JsonObject[];
  /** A person writes. */
  say(message: { readonly user: string; readonly channel: string; readonly text: string }): string;
}

/** A Slack workspace in memory: the Web API, a page for people, and their clicks. */
export function createSlack(context: CloudContext, options: SlackOptions): Slack {
  const workspace = workspaceOf(context, options);
  const { messages } = workspace;
  const responseUrls = createResponseUrls(workspace);
  const clicker: Clicker = {
    workspace,
    responseUrls,
    signingSecret: options.signingSecret,
    respondWithin: options.respondWithin ?? 3000,
    interactivityUrl: options.interactivityUrl,
    clock: context.clock,
  };
  const page = createPageRoutes(clicker, (work) => context.track(work));
  return {
    name: "slack",
    prefixes: [{ prefix: "/_slack", strip: true }],
    operation: (request) => operationOf(request, responseUrls),
    async handle(request) {
      const method = methodOf(request);
      if (method !== undefined) {
        return callMethod(workspace, method, request);
      }
      return request.path.startsWith("/actions/")
        ? responseUrls.respond(request.path, request)
        : page.handle(request);
    },
    close: () => Promise.resolve(),
    click: (click) => context.track(clickButton(clicker, click)),
    messages: (channel) => messages.of(channel).map((message) => message.body),
    say: ({ user, channel, text }) => messages.add({ channel, body: { user, text } }).ts,
  };
}

function workspaceOf(context: CloudContext, options: SlackOptions): Workspace {
  return {
    messages: createMessageStore(context.clock),
    channels: options.channels,
    users: options.users,
    botToken: options.botToken,
    appId: options.appId ?? "A0PROMOTER",
    teamId: options.teamId ?? "T0LOCAL",
    botUserId: "U0PROMOTER",
    botId: "B0PROMOTER",
    address: () => `${context.origin()}/_slack`,
    now: () => context.clock.now(),
  };
}

function methodOf({ path }: ServiceRequest): string | undefined {
  return /^\/api\/([\w.]+)$/.exec(path)?.[1];
}

const reading = /^(auth\.test|conversations\.\w+)$/;

function operationOf(request: ServiceRequest, responseUrls: ResponseUrls): Operation | undefined {
  const method = methodOf(request);
  if (method !== undefined) {
    const channel = argument(argumentsOf(request) ?? {}, "channel");
    return {
      action: `slack:${method}`,
      resources: [channel === "" ? "*" : channel],
      access: reading.test(method) ? "read" : "write",
    };
  }
  if (!request.path.startsWith("/actions/")) return undefined;
  return {
    action: "slack:response_url",
    resources: [responseUrls.channelOf(request.path) ?? "*"],
    access: "write",
  };
}
