import { randomUUID } from "node:crypto";
import type { LambdaReply } from "../invocation.ts";
import type { Sandbox } from "./sandbox.ts";

export interface Container {
  readonly accessKeyId: string;
  readonly sandbox: Sandbox;
  /** The invocation under way; `answer` answers it in the function's place. */
  current?:
    | { readonly requestId: string; readonly answer: (reply: LambdaReply) => void }
    | undefined;
}

/** The containers of one function, from their start to their end. */
export interface Containers {
  /** Runs nothing now and can run again. */
  free(): Container | undefined;
  start(): Promise<Container>;
  keep(container: Container): void;
  get(accessKeyId: string): Container | undefined;
  forget(container: Container): void;
  isForgotten(accessKeyId: string): boolean;
  /** Also those that are starting. */
  all(): Promise<readonly Container[]>;
}

export interface ContainerOptions {
  /** Starts a sandbox with credentials of its own. */
  readonly start: (accessKeyId: string) => Promise<Sandbox>;
  /** A key that is not an AWS key, so that no real account could ever accept it. */
  readonly newKey?: () => string;
}

export function createContainers({ start, newKey = localKey }: ContainerOptions): Containers {
  const kept = new Map<string, Container>();
  const starting = new Set<Promise<Container>>();
  const forgotten = new Set<string>();
  const forget = ({ accessKeyId }: Container): void => {
    kept.delete(accessKeyId);
    forgotten.add(accessKeyId);
  };
  return {
    free() {
      for (const container of kept.values()) if (!container.sandbox.isAlive()) forget(container);
      return [...kept.values()].findLast(({ current }) => !current);
    },
    start() {
      const accessKeyId = newKey();
      const started = start(accessKeyId).then((sandbox) => ({ accessKeyId, sandbox }));
      starting.add(started);
      return started.finally(() => starting.delete(started));
    },
    keep: (container) => void kept.set(container.accessKeyId, container),
    get: (accessKeyId) => kept.get(accessKeyId),
    forget,
    isForgotten: (accessKeyId) => forgotten.has(accessKeyId),
    async all() {
      const started = await Promise.allSettled(starting);
      return [
        ...started.flatMap((one) => (one.status === "fulfilled" ? [one.value] : [])),
        ...kept.values(),
      ];
    },
  };
}

function localKey(): string {
  return `LOCAL${randomUUID().replaceAll("-", "").slice(0, 15).toUpperCase()}`;
}
