import { once } from "node:events";
import {
  Agent,
  createServer,
  request as send,
  type IncomingMessage,
  type ServerResponse,
} from "node:http";
import type { AddressInfo } from "node:net";
import { setTimeout as pause } from "node:timers/promises";

export interface SlowDoor {
  readonly origin: string;
  /** Where it leads; known later than its own address. */
  leadTo(origin: string): void;
  /** From now on each request is delayed by that many milliseconds. */
  delay(milliseconds: number): void;
  /** Requests since the last call. */
  count(): number;
  close(): void;
}

/** A proxy to the local cloud that delays every client alike, as a registry in a Region would. */
export async function openSlowDoor(): Promise<SlowDoor> {
  const agent = new Agent({ keepAlive: true });
  let [target, late, requests] = ["", 0, 0];
  const forward = async (incoming: IncomingMessage, response: ServerResponse): Promise<void> => {
    requests += 1;
    if (late > 0) await pause(late);
    const { method, headers, url = "/" } = incoming;
    const outgoing = send(new URL(url, target), { method, headers, agent }, (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(response);
    });
    outgoing.once("error", () => response.destroy());
    incoming.pipe(outgoing);
  };
  const server = createServer((incoming, response) => void forward(incoming, response)).listen(
    0,
    "127.0.0.1",
  );
  await once(server, "listening");
  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    leadTo: (origin) => {
      target = origin;
    },
    delay: (milliseconds) => {
      late = milliseconds;
    },
    count() {
      const counted = requests;
      requests = 0;
      return counted;
    },
    close() {
      server.close().closeAllConnections();
      agent.destroy();
    },
  };
}
