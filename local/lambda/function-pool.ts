import { randomUUID } from "node:crypto";
import type { Clock } from "../clock.ts";
import type { LambdaReply } from "../invocation.ts";
import { createContainers, type Container, type ContainerOptions } from "./containers.ts";
import { exited, killed, notLoaded, timedOut, type Exit } from "./replies.ts";
import type { FunctionSettings } from "./sandbox.ts";

export interface FunctionPool {
  /** `requestId` stays the same when Lambda tries an event again. */
  invoke(payload: unknown, requestId?: string): Promise<LambdaReply>;
  /**
   * The sandbox of these credentials ends, from outside or by itself: it answers nothing any more,
   * and its calls lead nowhere.
   */
  exit(accessKeyId: string, how: Exit): void;
  isDead(accessKeyId: string): boolean;
  close(): Promise<void>;
}

export interface PoolOptions extends ContainerOptions {
  readonly settings: FunctionSettings;
  readonly clock: Clock;
}

/**
 * The containers of one function: a free one is used again, as Lambda does, else a new one starts.
 * Whoever is over its time is ended.
 */
export function createFunctionPool({ settings, clock, ...options }: PoolOptions): FunctionPool {
  const containers = createContainers(options);
  let closed = false;

  async function end(
    container: Container,
    reply: (requestId: string) => LambdaReply,
  ): Promise<void> {
    containers.forget(container);
    container.current?.answer(reply(container.current.requestId));
    await container.sandbox.end();
  }

  async function run(
    container: Container,
    payload: unknown,
    requestId: string,
  ): Promise<LambdaReply> {
    const { promise, resolve: answer } = Promise.withResolvers<LambdaReply>();
    container.current = { requestId, answer };
    containers.keep(container);
    const deadline = clock.now() + settings.timeout * 1000;
    const cancel = clock.at(
      deadline,
      () => void end(container, (id) => timedOut(id, settings.timeout)),
    );
    const reply = await Promise.race([
      promise,
      container.sandbox.invoke({ requestId, payload, deadline }),
    ]);
    cancel();
    container.current = undefined;
    return reply;
  }

  return {
    async invoke(payload, requestId = randomUUID()) {
      const container = closed
        ? undefined
        : (containers.free() ?? (await containers.start().catch(notLoaded)));
      if (container && "kind" in container) return container;
      if (container && !closed) return run(container, payload, requestId);
      await container?.sandbox.end();
      return killedReply(requestId);
    },
    exit(accessKeyId, how) {
      const container = containers.get(accessKeyId);
      if (container) void end(container, (requestId) => exited(requestId, how));
    },
    isDead: (accessKeyId) => containers.isForgotten(accessKeyId),
    async close() {
      closed = true;
      const all = await containers.all();
      await Promise.all(all.map((container) => end(container, killedReply)));
    },
  };
}

const killedReply = (requestId: string): LambdaReply => exited(requestId, killed);
