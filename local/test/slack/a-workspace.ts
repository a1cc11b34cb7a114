import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import { virtualClock, type VirtualClock } from "../../clock.ts";
import { startGateway } from "../../gateway.ts";
import { createSlack, type Slack, type SlackOptions } from "../../slack/create-slack.ts";

export interface Delivered {
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: string;
}

// oxlint-disable-next-line typescript/no-explicit-any -- JSON documents of any kind, which the tests walk
export type Loose = any;

export interface AWorkspace {
  readonly slack: Slack;
  readonly clock: VirtualClock;
  readonly origin: string;
  /** What reached the app. */
  readonly delivered: Delivered[];
  /** Calls a method with JSON; answers its body. */
  call(method: string, args: object): Promise<Loose>;
  stop(): Promise<void>;
}

export const signingSecret = "8f742231b10e8888abcd99yyyzzz85a5";
const alice = { id: "U012AB3CD", name: "alice" };
const bob = { id: "U045EF6GH", name: "bob" };

/** A workspace with an app behind it that answers `status`, or never. */
export async function aWorkspace({
  app = 200,
  ...options
}: Partial<SlackOptions> & { app?: number | "silent" } = {}): Promise<AWorkspace> {
  const clock = virtualClock();
  const delivered: Delivered[] = [];
  const receive = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    delivered.push({ headers: request.headers, body: await text(request) });
    if (app !== "silent") response.writeHead(app).end();
  };
  const server = createServer((request, response) => void receive(request, response));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/slack/actions`;
  let origin = "";
  const context = {
    account: "111122223333",
    region: "eu-west-1",
    clock,
    origin: () => origin,
    emit: () => undefined,
    track: <T>(work: Promise<T>) => work,
  };
  const slack = createSlack(context, {
    botToken: "xoxb-local",
    signingSecret,
    interactivityUrl: () => url,
    users: [alice, bob],
    channels: [
      { id: "C0RELEASES", name: "releases" },
      { id: "C0FOREIGN", name: "foreign", isForeign: true },
    ],
    ...options,
  });
  const gateway = await startGateway({ services: () => [slack] });
  origin = gateway.origin;
  return {
    slack,
    clock,
    origin,
    delivered,
    async call(method, args) {
      const headers = {
        "content-type": "application/json; charset=utf-8",
        authorization: "Bearer xoxb-local",
      };
      return (
        await fetch(`${origin}/_slack/api/${method}`, {
          method: "POST",
          headers,
          body: JSON.stringify(args),
        })
      ).json();
    },
    async stop() {
      await gateway.close();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

export const channel = "C0RELEASES";

export const section = (words: string): object => ({
  type: "section",
  text: { type: "mrkdwn", text: words },
});

/** A question with two buttons. */
export const question = [
  section("Release *orderbook 1.4.2*?"),
  {
    type: "actions",
    block_id: "vote",
    elements: [
      {
        type: "button",
        action_id: "approve",
        value: "plan-1",
        style: "primary",
        text: { type: "plain_text", text: "Approve" },
      },
      {
        type: "button",
        action_id: "reject",
        value: "plan-1",
        style: "danger",
        text: { type: "plain_text", text: "Reject" },
      },
    ],
  },
];
