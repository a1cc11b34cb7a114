import { randomUUID } from "node:crypto";
import type { Clock } from "../clock.ts";
import type { LambdaReply } from "../invocation.ts";
import { exited, killed, notLoaded, timedOut, type Exit } from "./replies.ts";
import type { FunctionSettings, Sandbox } from "./sandbox.ts";

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

export interface PoolOptions {
  readonly settings: FunctionSettings;
  readonly clock: Clock;
  /** Starts a sandbox with credentials of its own. */
  readonly start: (accessKeyId: string) => Promise<Sandbox>;
  /** A key that is not an AWS key, so that no real account could ever accept it. */
  readonly newKey?: () => string;
}

interface Container {
  readonly accessKeyId: string;
  readonly sandbox: Sandbox;
  /** The invocation under way; `answer` answers it in the function's place. */
  current?:
    | { readonly requestId: string; readonly answer: (reply: LambdaReply) => void }
    | undefined;
}

/**
 * The containers of one function: a free one is used again, as Lambda does, else a new one starts.
 * Whoever is over its time is ended.
 */
export function createFunctionPool({
  settings,
  clock,
  start,
  newKey = localKey,
}: PoolOptions): FunctionPool {
  const containers = new Map<string, Container>();
  const starting = new Set<Promise<Container>>();
  const dead = new Set<string>();
  let closed = false;

  function free(): Container | undefined {
    for (const container of containers.values()) {
      if (!container.sandbox.isAlive()) forget(container);
    }
    return [...containers.values()].findLast(({ current }) => !current);
  }

  function startContainer(accessKeyId = newKey()): Promise<Container> {
    const started = start(accessKeyId).then((sandbox) => ({ accessKeyId, sandbox }));
    starting.add(started);
    return started.finally(() => starting.delete(started));
  }

  function forget({ accessKeyId }: Container): void {
    containers.delete(accessKeyId);
    dead.add(accessKeyId);
  }

  async function end(
    container: Container,
    reply: (requestId: string) => LambdaReply,
  ): Promise<void> {
    forget(container);
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
    containers.set(container.accessKeyId, container);
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
      const container = closed ? undefined : (free() ?? (await startContainer().catch(notLoaded)));
      if (container && "kind" in container) return container;
      if (container && !closed) return run(container, payload, requestId);
      await container?.sandbox.end();
      return killedReply(requestId);
    },
    exit(accessKeyId, how) {
      const container = containers.get(accessKeyId);
      if (container) void end(container, (requestId) => exited(requestId, how));
    },
    isDead: (accessKeyId) => dead.has(accessKeyId),
    async close() {
      closed = true;
      const started = (await Promise.allSettled(starting)).flatMap((one) =>
        one.status === "fulfilled" ? [one.value] : [],
      );
      await Promise.all(
        [...started, ...containers.values()].map((container) => end(container, killedReply)),
      );
    },
  };
}

const killedReply = (requestId: string): LambdaReply => exited(requestId, killed);

function localKey(): string {
  return `LOCAL${randomUUID().replaceAll("-", "").slice(0, 15).toUpperCase()}`;
}
