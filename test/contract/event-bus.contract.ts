import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { EventBus } from "../../src/ports/event-bus.ts";

export interface EventBusWorld {
  readonly bus: EventBus;
  /** What listeners were given, oldest first; `count`: of so many it is known that they come. */
  seen(
    count: number,
  ): Promise<
    readonly { readonly source: string; readonly detailType: string; readonly detail: unknown }[]
  >;
  close(): Promise<void>;
}

/** What every event bus promises. */
export function eventBusContract(name: string, makeWorld: () => Promise<EventBusWorld>): void {
  describe(`${name} as event bus`, () => {
    let world: EventBusWorld;
    beforeEach(async () => void (world = await makeWorld()));
    afterEach(() => world.close());

    it("hands events on in our name, with all of their detail", async () => {
      const detail = {
        promotion: "p-1",
        ending: "Promoted",
        reasons: ["all “pods” run ✓"],
        members: [{ repository: "orderbook-api" }],
      };
      await world.bus.publish("Promotion Ended", detail);
      await world.bus.publish("Promotion Started", {});
      expect(await world.seen(2)).toEqual([
        { source: "promoter", detailType: "Promotion Ended", detail },
        { source: "promoter", detailType: "Promotion Started", detail: {} },
      ]);
    });
  });
}
