import type { EventBus } from "../../src/ports/event-bus.ts";

export interface PublishedEvent {
  readonly detailType: string;
  readonly detail: Readonly<Record<string, unknown>>;
}

export interface FakeEventBus extends EventBus {
  /** In the order they came. */
  readonly published: readonly PublishedEvent[];
  failNext(error: Error): void;
}

export function fakeEventBus(): FakeEventBus {
  const published: PublishedEvent[] = [];
  const failures: Error[] = [];
  return {
    published,
    failNext: (error) => void failures.push(error),
    async publish(detailType, detail) {
      const failure = failures.shift();
      if (failure) throw failure;
      published.push({ detailType, detail });
    },
  };
}
